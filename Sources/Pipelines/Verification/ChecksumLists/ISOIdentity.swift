import AssayBytes
import AssayFacts
import AssayISO9660

/// What an image's own files say that it is: version, product and architecture.
struct ISOIdentity {
    /// Versions with where they stand.
    private(set) var versions: [Sourced<String>] = []
    /// Products with where they stand.
    private(set) var products: [Sourced<String>] = []
    /// Architectures, as `uname -m` calls them, with where they stand.
    private(set) var architectures: [Sourced<String>] = []
    /// What could not be read, as sentences.
    private(set) var remarks: [String] = []

    /// The most bytes of such a file.
    private static let maximumBytes = ByteCount.kibibytes(64)
    /// The most bytes of a value.
    private static let maximumValue = 200

    /// Reads them.
    init(volumeID: String, tree: DirectoryTree?, in source: any ByteSource) throws {
        let volume = Place("volume identifier")
        let claims = NameClaims(volumeID.utf8)
        if let version = claims.version { versions.append(Sourced(version, volume)) }
        if let architecture = claims.architecture { architectures.append(Sourced(architecture, volume)) }
        guard let tree else { return }
        try readFile(".treeinfo", tree, source) { $0.readTreeInfo($1, $2) }
        try readFile(".discinfo", tree, source) { $0.readDiscInfo($1, $2) }
        try readFile(".disk/info", tree, source) { $0.readDiskInfo($1, $2) }
        for path in ["etc/os-release", "usr/lib/os-release"] {
            try readFile(path, tree, source) { $0.readRelease($1, $2) }
        }
    }

    /// Reads the file of this path when there is one; a symbolic link is none.
    private mutating func readFile(
        _ path: String, _ tree: DirectoryTree, _ source: any ByteSource,
        _ read: (inout ISOIdentity, TextLines, String) -> Void
    ) throws {
        do {
            guard let entry = try tree.lookup(path, ignoringCase: true), entry.kind == .file else { return }
            let bytes = try ISO9660Image.content(of: entry, in: source, limit: Self.maximumBytes)
            read(&self, TextLines(bytes), "/" + path)
        } catch let error as ISO9660Error {
            remarks.append("'/\(path)' could not be read: \(error)")
        }
    }

    /// Anaconda's `[general]` and `[release]`: `name = value` lines
    /// (<https://release-engineering.github.io/productmd/treeinfo-1.0.html>).
    private mutating func readTreeInfo(_ lines: TextLines, _ path: String) {
        var section = ""
        var seen: Set<String> = []
        for line in lines {
            let text = Self.trimmed(line.text)
            if text.hasPrefix("[") {
                section = text
                continue
            }
            guard ["[general]", "[release]", "[product]"].contains(section), let equals = text.firstIndex(of: "=")
            else { continue }
            let key = Self.trimmed(text[..<equals])
            let value = Self.trimmed(text[text.index(after: equals)...])
            guard !value.isEmpty, seen.insert(section + key).inserted else { continue }
            let place = Place(path, line: line.number)
            switch key {
            case "version": add(value, to: \.versions, place)
            case "family" where section == "[general]", "name" where section != "[general]":
                add(value, to: \.products, place)
            case "arch": add(NameClaims.architecture(named: value), to: \.architectures, place)
            default: continue
            }
        }
    }

    /// Anaconda's `.discinfo`: a time stamp, the product with its version, the architecture.
    private mutating func readDiscInfo(_ lines: TextLines, _ path: String) {
        let lines = Array(lines.prefix(3))
        if lines.count > 1 {
            let text = Self.trimmed(lines[1].text)
            let place = Place(path, line: 2)
            if let version = NameClaims(text.utf8).version { add(version, to: \.versions, place) }
            if text.contains(where: \.isLetter) { add(text, to: \.products, place) }
        }
        if lines.count > 2 {
            let name = NameClaims.architecture(named: Self.trimmed(lines[2].text))
            if !name.isEmpty { add(name, to: \.architectures, Place(path, line: 3)) }
        }
    }

    /// Debian's `.disk/info`: `Debian GNU/Linux 12.5.0 "Bookworm" - Official amd64 NETINST …`.
    private mutating func readDiskInfo(_ lines: TextLines, _ path: String) {
        guard let line = lines.first(where: { !Self.trimmed($0.text).isEmpty }) else { return }
        let text = Self.trimmed(line.text)
        let claims = NameClaims(text.utf8)
        let place = Place(path, line: line.number)
        if let version = claims.version {
            add(version, to: \.versions, place)
            if let range = text.firstRange(of: version) {
                let product = Self.trimmed(text[..<range.lowerBound])
                if !product.isEmpty { add(product, to: \.products, place) }
            }
        }
        if let architecture = claims.architecture { add(architecture, to: \.architectures, place) }
    }

    /// `NAME` and `VERSION_ID` of os-release(5).
    private mutating func readRelease(_ lines: TextLines, _ path: String) {
        for line in lines {
            guard let equals = line.text.firstIndex(of: "=") else { continue }
            var value = Self.trimmed(line.text[line.text.index(after: equals)...])
            if let quote = value.first, quote == "\"" || quote == "'", value.count > 1, value.last == quote {
                value = String(value.dropFirst().dropLast())
            }
            guard !value.isEmpty else { continue }
            switch line.text[..<equals] {
            case "VERSION_ID": add(value, to: \.versions, Place(path, line: line.number))
            case "NAME": add(value, to: \.products, Place(path, line: line.number))
            default: continue
            }
        }
    }

    private mutating func add(
        _ value: String, to list: WritableKeyPath<ISOIdentity, [Sourced<String>]>, _ place: Place
    ) {
        // The last of several `NAME=` lines counts for one reader and the first for another: both are shown, some of
        // a thousand are.
        guard self[keyPath: list].count < 16 else { return }
        self[keyPath: list].append(Sourced(EscapedText(value.utf8.prefix(Self.maximumValue)).description, place))
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let bytes = Array(text.utf8)
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
        let rest = bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        return String(decoding: Array(rest), as: UTF8.self)
    }
}
