import AssayTestSupport
import Testing

@testable import AssayTrustStore

struct SourceReadingTests {
    /// One file of each format, in small.
    static let files = Result {
        let der = try SourceFixture.authority.certificate.der
        let trusted = der + GeneratedStore.auxiliary([.serverAuth], [.codeSigning], alias: "Alias")
        return [
            der, Array(("# comment\n" + SourceFixture.certificate()).utf8),
            Array(SourceFixture.pem("TRUSTED CERTIFICATE", trusted).utf8),
            Array(
                """
                [p11-kit-object-v1]
                label: "A%20label"
                x-distrusted: true
                \(SourceFixture.certificate())
                """.utf8), Array(CertdataTests.text().utf8),
        ]
    }

    @Test(arguments: [
        ("", "the file is empty"),
        ("\n", "no certificate: neither DER nor PEM nor p11-kit's format nor NSS's certdata"),
        ("text", "no certificate: neither DER nor PEM nor p11-kit's format nor NSS's certdata"),
        ("0\u{80}", "no certificate: neither DER nor PEM nor p11-kit's format nor NSS's certdata"),
        (
            "CKA_CLASS CK_OBJECT_CLASS CKO_CERTIFICATE\n",
            "no certificate: neither DER nor PEM nor p11-kit's format nor NSS's certdata"
        ),
        ("# [p11-kit-object-v1]\n", "no certificate in the file"), ("BEGINDATA\n", "no certificate in the file"),
        ("-----BEGIN X-----\n-----END X-----\n", "no certificate in the file"),
    ])
    func `a file that says nothing is a fault`(text: String, answer: String) {
        #expect(SourceFixture.answer(text) == answer)
    }

    @Test func `a file is of the first format that it looks like, and of no other when it is malformed`() throws {
        let der = try SourceFixture.authority.certificate.der
        let text = SourceFixture.certificate()
        #expect(SourceFixture.answer(der) == "der: 1")
        #expect(SourceFixture.answer(der + [0]) == "1: bytes follow the certificate")
        #expect(SourceFixture.answer(der + Array(text.utf8)) == "1: bytes follow the certificate")
        // The same by a damaged header.
        #expect(
            SourceFixture.answer("[p11-kit-object-v2]\nx-distrusted: true\n" + text)
                == "1: p11-kit's words without the line '[p11-kit-object-v1]'")
        #expect(
            SourceFixture.answer("p11-kit\nx-distrusted : true\n" + text)
                == "2: p11-kit's words without the line '[p11-kit-object-v1]'")
        // The bug of p11-kit: a bad line, and the distrusted certificate is read as PEM and is a plain one.
        #expect(
            SourceFixture.answer("[p11-kit-object-v1]\nx-distrusted: ture\n" + text)
                == "2: the value of 'x-distrusted' is malformed")
        #expect(
            SourceFixture.answer("# [p11-kit-object-v1]\n" + text) == "2: text before the first '[p11-kit-object-v1]'")
        #expect(SourceFixture.answer(text + "BEGINDATA\n") == "1: text before 'BEGINDATA'")
        #expect(SourceFixture.answer("# BEGINDATA\n" + text) == "pem: 1")
        #expect(
            SourceFixture.answer("BEGINDATA\n[p11-kit-object-v1]\n") == "1: text before the first '[p11-kit-object-v1]'"
        )
    }

    @Test func `a name with a section's header in it is a certificate all the same`() throws {
        let fixture = CertificateFixture(subject: DERBytes.name("\n[p11-kit-object-v1]\n"))
        #expect(SourceFixture.answer(try fixture.certificate.der) == "der: 1")
    }

    /// Files of p11-kit's are read in parts of 64 KiB and more, which begin at sections.
    @Test func `a long file is the same as its sections`() throws {
        func section(_ number: Int, _ more: String = "") -> String {
            """
            [p11-kit-object-v1]
            class: certificate
            x-distrusted: true
            label: "\(number)"
            issuer: "0%01a"
            serial-number: "%02%01a"\(more)

            """
        }
        let count = 5000
        let bytes = Array((0..<count).map { section($0) }.joined().utf8)
        #expect(bytes.count > 4 << 16)
        let source = try SourceFixture.read(bytes)
        #expect(
            source.objects.map(\.line) == (0..<count).map { $0 * 6 + 1 }
                && source.objects
                    == (0..<count).map { number in
                        .distrust(
                            DistrustObject(
                                name: DistrustObject.Name(issuer: [0x30, 1, 0x61], serialNumber: [2, 1, 0x61]),
                                publicKeyInfo: nil, label: Array("\(number)".utf8), line: number * 6 + 1))
                    }
        )
        // The first fault is told, whichever part is ready first.
        let faulty = (0..<count).map { section($0, $0 == 2000 || $0 == 4999 ? "\nx" : "") }.joined()
        #expect(SourceFixture.answer(faulty) == "\(2000 * 6 + 7): neither a section nor 'name: value': 'x'")
        // A section's header in a block ends nothing, also where a part would begin.
        let before = 65_535 / section(0).utf8.count
        let block = section(0, "\n-----BEGIN CERTIFICATE-----\nMAAA") + section(0) + "-----END CERTIFICATE-----\n"
        #expect(
            SourceFixture.answer(String(repeating: section(0), count: before) + block)
                == "\(before * 6 + 7): the block has no end")
    }

    @Test func `size, number of objects and of warnings are bounded`() {
        let large = [UInt8](repeating: 0x0A, count: TrustSource.sizeLimit + 1)
        #expect(SourceFixture.answer(large) == "larger than 16777216 bytes")
        let distrust =
            "[p11-kit-object-v1]\nclass:certificate\nx-distrusted:true\nissuer:\"0%01a\"\nserial-number:\"%02%01a\"\n"
        let many = Array(String(repeating: distrust, count: SourceNotes.objectLimit + 1).utf8)
        #expect(SourceFixture.answer(many) == "500001: more than 100000 objects in a file")
        let objects = "BEGINDATA\n" + String(repeating: "CKA_CLASS CK_OBJECT_CLASS CKO_NSS_TRUST\n", count: 100_001)
        #expect(SourceFixture.answer(objects) == "100002: more than 100000 objects in a file")
        let odd = String(repeating: "-----BEGIN X-----\n-----END X-----\n", count: 200) + SourceFixture.certificate()
        #expect((try? SourceFixture.read(Array(odd.utf8)))?.warnings.count == SourceNotes.warningLimit)
    }

    @Test func `what contradicts the folder is read, with a warning`() throws {
        let text = "[p11-kit-object-v1]\nx-distrusted: true\n" + SourceFixture.certificate()
        #expect(
            SourceFixture.answer(text, role: .anchors)
                == "p11-kit: 1; 1: the file distrusts the certificate, which stays distrusted among the anchors")
        #expect(SourceFixture.answer(text, role: .blocklist) == "p11-kit: 1")
        #expect(
            SourceFixture.answer(text.replacing("x-distrusted", with: "trusted"), role: .blocklist)
                == "p11-kit: 1; 1: the file trusts the certificate, which the block list distrusts")
    }

    @Test func `a file cut anywhere is a fault, or says what stands before the cut`() throws {
        for file in try SourceReadingTests.files.get() {
            let whole = try SourceFixture.read(file)
            for count in 0..<file.count {
                guard let cut = try? SourceFixture.read(Array(file[..<count])) else { continue }
                // What is missing at the end of the last line is blank, or the file's other objects were read before.
                #expect(cut.objects.count <= whole.objects.count)
                if cut.objects.count == whole.objects.count { #expect(cut.objects == whole.objects) }
                for object in cut.objects {
                    if case .certificate(let found) = object { #expect(found.standing == whole.standings.last) }
                }
            }
        }
    }

    @Test func `no flipped bit turns distrust into anything else without a fault`() throws {
        let file = try SourceReadingTests.files.get()[3]
        var read = 0
        for bit in 0..<(file.count * 8) {
            var changed = file
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let source = try? SourceFixture.read(changed) else { continue }
            read += 1
            #expect(source.format == .p11Kit && source.standings == [.distrusted])
        }
        #expect(read > 0)
    }

    @Test func `mutations are read or refused, alike each time`() throws {
        var numbers = SeededNumbers(state: 11)
        var read = 0
        for round in 0..<3000 {
            let files = try SourceReadingTests.files.get()
            var bytes = files[round % files.count]
            for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                let place = Int.random(in: 0..<bytes.count, using: &numbers)
                switch Int.random(in: 0..<4, using: &numbers) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &numbers)], at: place)
                default:
                    let end = min(bytes.count, place + Int.random(in: 1...64, using: &numbers))
                    bytes.insert(
                        contentsOf: Array(bytes[place..<end]), at: Int.random(in: 0...bytes.count, using: &numbers))
                }
            }
            let role: SourceRole = [.main, .anchors, .blocklist][round / files.count % 3]
            let answer = SourceFixture.answer(bytes, role: role)
            #expect(answer == SourceFixture.answer(bytes, role: role))
            if (try? SourceFixture.read(bytes, role: role)) != nil { read += 1 }
        }
        #expect((50..<2900).contains(read), "\(read)")
    }

    @Test func `what is generated is read as what it was generated from`() throws {
        var numbers = SeededNumbers(state: 12)
        var objects = 0
        for _ in 0..<300 {
            for file in try GeneratedStore(&numbers, made: []).files {
                let source = try SourceFixture.read(file.bytes, role: file.role)
                #expect(source.format == file.format)
                #expect(source.objects.map(\.withoutLine) == file.objects.map(\.withoutLine))
                objects += source.objects.count
            }
        }
        #expect(objects > 2000)
    }
}

extension TrustSource {
    fileprivate var standings: [Standing] {
        objects.compactMap { object in
            guard case .certificate(let object) = object else { return nil }
            return object.standing
        }
    }
}

extension TrustObject {
    /// Without what generated stores do not know: line and criticality.
    fileprivate var withoutLine: TrustObject {
        switch self {
        case .certificate(var object):
            object.line = 0
            return .certificate(object)
        case .distrust(var object):
            object.line = 0
            return .distrust(object)
        case .attachedExtension(var object):
            object.line = 0
            object.isCritical = false
            return .attachedExtension(object)
        }
    }
}
