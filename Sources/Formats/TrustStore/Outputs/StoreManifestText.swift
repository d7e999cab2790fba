import AssayBytes

extension StoreManifest {
    /// The most bytes of a manifest that is read.
    public static let sizeLimit = 64 << 20

    /// The manifest's text.
    public var text: [UInt8] {
        var lines = ManifestLines()
        lines.add("assay-trust-manifest", "\(StoreManifest.formatVersion)")
        lines.add("tool", toolVersion)
        lines.add("rules", rules.rawValue)
        lines.add("time", time.map { "\($0)" } ?? "-")
        for source in sources {
            lines.add("source", source.digest, "\(source.token)", source.role.rawValue, source.path)
        }
        for fault in skipped { lines.add("skipped", fault.line.map { "\($0)" } ?? "-", fault.path, fault.reason) }
        for file in ignored { lines.add("ignored", file.path, file.reason) }
        for output in outputs {
            switch output.content {
            case .digest(let digest): lines.add("file", digest, output.path)
            case .link(let target): lines.add("link", target, output.path)
            }
        }
        for count in counts { lines.add("count", "\(count.certificates)", count.output.rawValue) }
        lines.add("end")
        return lines.bytes
    }

    /// Reads a manifest's text.
    ///
    /// - Throws: `StoreFault` for anything but the bytes that `text` gives for one manifest; linear in the size of `bytes`.
    public init(reading bytes: [UInt8]) throws(StoreFault) {
        guard bytes.count <= StoreManifest.sizeLimit else {
            throw StoreFault("the manifest is larger than \(StoreManifest.sizeLimit) bytes")
        }
        var reader = ManifestReader(bytes)
        try reader.begin()
        let toolVersion = try reader.only("tool")
        let rulesName = try reader.only("rules")
        guard let rules = TrustRules(rawValue: rulesName) else { throw reader.fault("unknown rules") }
        let timeText = try reader.only("time")
        let time = timeText == "-" ? nil : Int64(timeText)
        guard timeText == "-" || time != nil else { throw reader.fault("no time") }
        var sources: [Source] = []
        while let fields = try reader.fields(of: "source", count: 4) {
            guard let token = Int(fields[1]), token >= 0, let role = SourceRole(rawValue: fields[2]) else {
                throw reader.fault("a source without token or role")
            }
            sources.append(Source(path: fields[3], role: role, token: token, digest: try reader.digest(fields[0])))
        }
        var skipped: [SourceFault] = []
        while let fields = try reader.fields(of: "skipped", count: 3) {
            let line = fields[0] == "-" ? nil : Int(fields[0])
            guard fields[0] == "-" || line.map({ $0 > 0 }) == true else { throw reader.fault("no line number") }
            skipped.append(SourceFault(path: fields[1], line: line, reason: fields[2]))
        }
        var ignored: [Ignored] = []
        while let fields = try reader.fields(of: "ignored", count: 2) {
            ignored.append(Ignored(path: fields[0], reason: fields[1]))
        }
        var outputs: [Output] = []
        while true {
            if let fields = try reader.fields(of: "file", count: 2) {
                outputs.append(Output(path: fields[1], content: .digest(try reader.digest(fields[0]))))
            } else if let fields = try reader.fields(of: "link", count: 2) {
                outputs.append(Output(path: fields[1], content: .link(fields[0])))
            } else {
                break
            }
            guard StoreManifest.isInside(outputs[outputs.count - 1]) else {
                throw reader.fault("a path that leaves the store's folder")
            }
            if outputs.count > 1,
                outputs[outputs.count - 1].path.utf8.elementsEqual(outputs[outputs.count - 2].path.utf8)
            {
                throw reader.fault("a path twice")
            }
        }
        var counts: [Count] = []
        while let fields = try reader.fields(of: "count", count: 2) {
            guard let number = Int(fields[0]), number >= 0, let output = StoreOutput(rawValue: fields[1]) else {
                throw reader.fault("no count of an output")
            }
            if counts.contains(where: { $0.output == output }) { throw reader.fault("an output counted twice") }
            counts.append(Count(output: output, certificates: number))
        }
        try reader.end()
        self.init(
            toolVersion: toolVersion, rules: rules, time: time, sources: sources, skipped: skipped, ignored: ignored,
            outputs: outputs, counts: counts)
        // Other ways to write the same (`+1`, `01`, another order, needless escapes) are no manifest of ours.
        guard text == bytes else { throw StoreFault("the manifest is not in the form that assay writes") }
    }

    /// Whether the path, and a link's target, stay in the store's folder: whoever verifies a store opens them.
    private static func isInside(_ output: Output) -> Bool {
        if case .link(let target) = output.content, target.isEmpty || target == ".." || target.utf8.contains(0x2F) {
            return false
        }
        return output.path.utf8.split(separator: 0x2F, omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && !part.elementsEqual(".".utf8) && !part.elementsEqual("..".utf8)
        }
    }
}

/// Lines of tab-separated, escaped fields.
private struct ManifestLines {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ fields: String...) {
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes.append(0x09) }
            bytes += EscapedText(field).description.utf8
        }
        bytes.append(0x0A)
    }
}

/// Reads such lines one after the other.
private struct ManifestReader {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func fault(_ reason: String) -> StoreFault { StoreFault(line: line, reason) }

    mutating func begin() throws(StoreFault) {
        let version = try only("assay-trust-manifest")
        guard version == "\(StoreManifest.formatVersion)" else {
            throw fault("a manifest of another version than \(StoreManifest.formatVersion)")
        }
    }

    mutating func end() throws(StoreFault) {
        guard try fields(of: "end", count: 0) != nil else { throw StoreFault(line: line + 1, "'end' is missing") }
        guard position == bytes.count else { throw fault("text follows the end") }
    }

    /// The one field of a line that has to be there.
    mutating func only(_ name: String) throws(StoreFault) -> String {
        guard let fields = try fields(of: name, count: 1) else {
            throw StoreFault(line: line + 1, "'\(name)' is missing")
        }
        return fields[0]
    }

    /// The fields behind `name`, or nil when the next line is another.
    mutating func fields(of name: String, count: Int) throws(StoreFault) -> [String]? {
        let rest = bytes[position...]
        guard rest.starts(with: name.utf8) else { return nil }
        let behind = position + name.utf8.count
        guard behind < bytes.count, bytes[behind] == (count == 0 ? 0x0A : 0x09) else { return nil }
        line += 1
        guard let end = rest.firstIndex(of: 0x0A) else { throw fault("the line is cut short") }
        position = end + 1
        guard count > 0 else { return [] }
        let parts = bytes[(behind + 1)..<end].split(separator: 0x09, omittingEmptySubsequences: false)
        guard parts.count == count else { throw fault("'\(name)' with \(parts.count) fields, not \(count)") }
        var result: [String] = []
        for part in parts {
            guard let escaped = String(validating: part, as: UTF8.self), let raw = EscapedText.unescape(escaped),
                let text = String(validating: raw, as: UTF8.self)
            else { throw fault("a field that is no escaped text") }
            result.append(text)
        }
        return result
    }

    func digest(_ text: String) throws(StoreFault) -> String {
        guard text.utf8.count == 64, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { throw fault("no SHA-256 digest") }
        return text
    }
}
