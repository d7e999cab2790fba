import AssayBytes
import AssayRepositoryMetadata
import AssayTestSupport
import Testing

struct HostileXMLTests {
    static let entity = "<!DOCTYPE repomd [<!ENTITY a \"b\">]><repomd><revision>&a;</revision></repomd>"

    @Test(
        arguments: [
            (entity, MetadataError.Code.documentType),
            ("<!DOCTYPE repomd SYSTEM \"file:///etc/passwd\"><repomd/>", .documentType),
            ("<repomd><!DOCTYPE a></repomd>", .documentType), ("<repomd><!ELEMENT a></repomd>", .malformed),
            ("<repomd>&a;</repomd>", .malformed), ("<repomd>&amp</repomd>", .malformed),
            ("<repomd>&#0;</repomd>", .malformed), ("<repomd>&#xD800;</repomd>", .malformed),
            ("<repomd>&#x110000;</repomd>", .malformed), ("<repomd>&#-1;</repomd>", .malformed),
            ("<repomd>&#+65;</repomd>", .malformed), ("<repomd>a\u{1}</repomd>", .malformed),
            ("<repomd a='1' a='2'/>", .malformed), ("<repomd a=1/>", .malformed), ("<repomd a/>", .malformed),
            ("<repomd a='<'/>", .malformed), ("<repomd a='1'b='2'/>", .malformed), ("<repomd></repomd", .truncated),
            ("<repomd></other>", .malformed), ("<repomd><a></repomd></a>", .malformed), ("</repomd>", .malformed),
            ("<repomd/><repomd/>", .malformed), ("<repomd/>x", .malformed), ("x<repomd/>", .malformed),
            ("<repomd/><![CDATA[x]]>", .malformed), ("< repomd/>", .malformed), ("<>", .malformed),
            ("<1/>", .malformed),
            ("<repomd><?xml version='1.0'?></repomd>", .malformed), (" <?xml version='1.0'?><repomd/>", .malformed),
            ("<repomd><!-- a -- b --></repomd>", .malformed), ("<repomd><!-- a ---></repomd>", .malformed),
            ("<repomd>]]></repomd>", .malformed), ("<?1?><repomd/>", .malformed), ("<?xml?><repomd/>", .malformed),
            ("<?xml encoding='UTF-8'?><repomd/>", .malformed), ("<?xml version='1.1'?><repomd/>", .malformed),
            ("<?xml version='1.0' encoding='UTF-7'?><repomd/>", .malformed),
            ("<?xml version='1.0' encoding='UTF-16'?><repomd/>", .malformed),
            (String(repeating: "<repomd>", count: 33), .tooLarge),
            ("<repomd " + (0..<40).map { "a\($0)='' " }.joined() + "/>", .tooLarge),
            ("<" + String(repeating: "r", count: 200) + "/>", .tooLarge),
            ("<repomd><revision>" + String(repeating: "r", count: 70_000) + "</revision></repomd>", .tooLarge),
            ("<repomd><!--" + String(repeating: "r", count: 2_000_000) + "--></repomd>", .tooLarge),
            ("<repomd><revision>1</revision><revision>2</revision></repomd>", .missingValue),
        ] as [(String, MetadataError.Code)])
    func `what is not plain XML is refused`(document: String, expected: MetadataError.Code) {
        #expect(indexCode(document) == expected, "\(document.prefix(80))")
    }

    @Test(arguments: [
        ("<repomd><revision>a&lt;&#65;&#x42;</revision></repomd>", "a<AB"),
        (
            "\u{FEFF}<?xml version='1.0' encoding='utf-8'?><!-- > - > --><repomd><revision>\n b </revision></repomd>",
            "b"
        ),
        ("<repomd a='>' ><revision>a<!-- <x> -->b<![CDATA[<c>]]]]></revision></repomd>\n<!-- end -->", "ab<c>]]"),
        ("<?pi <a>?><repomd><revision>x<?pi y?></revision ></repomd>", "x"),
    ])
    func `the rest of XML is read as XML says`(document: String, revision: String) throws {
        #expect(try RepositoryIndex(Array(document.utf8)).revision == revision)
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        var bytes = Array("<repomd><revision>x</revision></repomd>".utf8)
        bytes[18] = 0xFF
        #expect(code { _ = try RepositoryIndex(bytes) } == .malformed)
    }

    @Test func `errors name the line`() {
        let error = #expect(throws: MetadataError.self) {
            _ = try RepositoryIndex(Array("<repomd>\n<a>\n</b>\n</repomd>".utf8))
        }
        #expect(error?.line == 3)
    }

    @Test func `no document that ends early is complete`() throws {
        let list = Array(Documents.list(Documents.package()).utf8)
        let end = list.count - 1
        for count in 0..<end { #expect(code { _ = try Documents.read(Array(list.prefix(count))) } != nil) }
        #expect(try Documents.read(Array(list.prefix(end))).0.count == 1)
        let index = Array(Documents.index(Documents.data("primary")).utf8)
        for count in 0..<(index.count - 1) {
            #expect(code { _ = try RepositoryIndex(Array(index.prefix(count))) } != nil)
        }
    }

    @Test func `a flipped bit never crashes`() {
        let list = Array(Documents.list(Documents.package()).utf8)
        for bit in stride(from: 0, to: list.count * 8, by: 3) {
            var bytes = list
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            _ = try? Documents.read(bytes)
        }
    }

    private static let pieces: [[UInt8]] = [
        "<", ">", "/>", "</", "&", ";", "\"", "'", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "=", " ", "&#x41;",
        "<a>", "</a>", "<b c='d'/>", "\n", "\u{E9}", "name", "..",
    ].map { Array($0.utf8) }

    static func mutations(_ count: Int) -> [[UInt8]] {
        var random = SeededNumbers(state: 7)
        let seeds = [
            Array(Documents.list(Documents.package()).utf8),
            Array("<?xml version='1.0'?><metadata a='b'>x &amp; y<c/><![CDATA[z]]><!-- k --></metadata>".utf8),
        ]
        return (0..<count).map { _ in
            var bytes = seeds[Int(random.next() % 2)]
            for _ in 0...(random.next() % 3) {
                let index = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 4 {
                case 0: bytes.remove(at: index)
                case 1: bytes[index] = UInt8(truncatingIfNeeded: random.next())
                default: bytes.insert(contentsOf: pieces[Int(random.next() % UInt64(pieces.count))], at: index)
                }
            }
            return bytes
        }
    }

    @Test func `random changes never crash`() {
        for bytes in HostileXMLTests.mutations(2000) { _ = try? Documents.read(bytes, pieces: 100) }
    }

    /// Python's expat is a reader of the whole of XML.
    @Test(.enabled(if: isAvailable("python3")))
    func `nothing is accepted that a full reader of XML refuses, and the values are the same`() throws {
        let scratch = ScratchDirectory()
        let documents = HostileXMLTests.mutations(2000)
        for (index, document) in documents.enumerated() { try scratch.write("\(10_000 + index).xml", document) }
        try scratch.write(
            "read.py",
            """
            import glob, xml.etree.ElementTree as T
            n = '{http://linux.duke.edu/metadata/common}'
            for f in sorted(glob.glob('*.xml')):
                try:
                    r = T.parse(f).getroot()
                except Exception as e:
                    print('refused', e)
                    continue
                p = r.find(n + 'package')
                e = None if p is None else p.find(n + 'name')
                print('read', '' if e is None or e.text is None else ascii(e.text.strip()))
            """)
        let answers = shell("python3 read.py", in: scratch.path)
        let lines = answers.text.split(separator: "\n")
        #expect(lines.count == documents.count, "\(answers.errorText)")
        var accepted = 0
        for (document, answer) in zip(documents, lines) {
            guard let (packages, _) = try? Documents.read(document) else { continue }
            accepted += 1
            let text = String(decoding: document, as: UTF8.self)
            // Names with prefixes: we take them as they are written.
            if answer.contains("unbound prefix") || answer.contains("reserved prefix") { continue }
            #expect(answer.hasPrefix("read"), "\(answer): \(text)")
            guard let name = packages.first?.name, name.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x27 })
            else { continue }
            #expect(answer == "read '\(name)'" || answer == "read ", "\(answer): \(text)")
        }
        #expect(accepted > 150)
    }
}
