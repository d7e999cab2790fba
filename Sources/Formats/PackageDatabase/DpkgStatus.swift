import AssayBytes

/// A package as dpkg's status file lists it.
///
/// https://man7.org/linux/man-pages/man5/deb-control.5.html, https://man7.org/linux/man-pages/man1/dpkg.1.html (states)
public struct DpkgPackage: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The version with epoch and revision.
    public let version: String
    /// The architecture, `all` for packages of every one.
    public let architecture: String
    /// The third word of `Status`: `installed`, `config-files`, `half-installed`, `unpacked` or another.
    public let state: String
    /// The first word of `Status`: `install`, `deinstall`, `hold`, `purge`.
    public let selection: String
    /// The second word of `Status`: `ok` or `reinstreq`.
    public let flag: String
    /// The name of the source package; `Package` where no `Source` is given.
    public let source: String
    /// The version of the source package; `Version` where `Source` names none.
    public let sourceVersion: String
    /// The line that the stanza begins on, counted from 1.
    public let line: Int

    /// Whether the package's files are there: neither removed nor only partly unpacked.
    public var isInstalled: Bool { state == "installed" || state.utf8.starts(with: "triggers-".utf8) }
}

/// Something in a package database that could not be read.
public struct PackageDatabaseDiagnostic: Hashable, Sendable {
    /// Counted from 1; 0 for the whole file.
    public let line: Int
    /// The reason for people.
    public let reason: String
}

/// Reads dpkg's status file piece by piece, so that memory does not grow with the file.
///
/// Lines longer than `maximumLine` bytes are cut: no field that is read here is that long.
public struct DpkgStatusReader: Sendable {
    /// The longest line that is read as a whole, in bytes.
    public static let maximumLine = 8192
    /// The most diagnostics that are kept.
    public static let maximumDiagnostics = 100

    /// What could not be read so far.
    public private(set) var diagnostics: [PackageDatabaseDiagnostic] = []

    private var line: [UInt8] = []
    private var lineNumber = 1
    private var firstLine = 0
    private var fields: [Field: String] = [:]

    private enum Field: String, CaseIterable {
        case package
        case version
        case architecture
        case status
        case source
    }

    /// Makes a reader at the start of a file.
    public init() {}

    /// Reads the next bytes of the file and returns the packages whose stanzas ended in them.
    public mutating func read(_ chunk: [UInt8]) -> [DpkgPackage] {
        var packages: [DpkgPackage] = []
        for byte in chunk {
            guard byte == 0x0A else {
                if line.count < DpkgStatusReader.maximumLine { line.append(byte) }
                continue
            }
            if let package = endLine() { packages.append(package) }
        }
        return packages
    }

    /// Ends the file and returns the package of the last stanza.
    public mutating func finish() -> DpkgPackage? {
        if !line.isEmpty, let package = endLine() { return package }
        return endStanza()
    }

    /// Reads a whole status file.
    public static func packages(
        of bytes: [UInt8]
    ) -> (packages: [DpkgPackage], diagnostics: [PackageDatabaseDiagnostic]) {
        var reader = DpkgStatusReader()
        var packages = reader.read(bytes)
        if let last = reader.finish() { packages.append(last) }
        return (packages, reader.diagnostics)
    }

    private mutating func endLine() -> DpkgPackage? {
        defer {
            line.removeAll(keepingCapacity: true)
            lineNumber += 1
        }
        guard let first = line.first(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { return endStanza() }
        if firstLine == 0 { firstLine = lineNumber }
        // A continuation belongs to a field of many lines, none of which is read here.
        guard line.first != 0x20, line.first != 0x09, first != 0x23 else { return nil }
        guard let colon = line.firstIndex(of: 0x3A) else {
            report("a line without a field name")
            return nil
        }
        // Every name that matters has at most 12 letters; longer ones need no decoding.
        guard colon <= 12, let field = Field(rawValue: String(decoding: line[..<colon], as: UTF8.self).lowercased())
        else { return nil }
        let value = String(decoding: trimmed(line[(colon + 1)...]), as: UTF8.self)
        if fields.updateValue(value, forKey: field) != nil { report("the field '\(field.rawValue)' occurs twice") }
        return nil
    }

    private mutating func endStanza() -> DpkgPackage? {
        defer {
            fields.removeAll(keepingCapacity: true)
            firstLine = 0
        }
        guard firstLine != 0 else { return nil }
        guard let name = fields[.package], !name.isEmpty else {
            report("a stanza without a package name")
            return nil
        }
        let status = (fields[.status] ?? "").utf8.split(separator: 0x20).map { String(Substring($0)) }
        if status.count != 3 { report("the status of '\(EscapedText(name))' is not three words") }
        let version = fields[.version] ?? ""
        let (source, sourceVersion) = DpkgStatusReader.source(fields[.source], name: name, version: version)
        return DpkgPackage(
            name: name, version: version, architecture: fields[.architecture] ?? "",
            state: status.count == 3 ? status[2] : "", selection: status.count == 3 ? status[0] : "",
            flag: status.count == 3 ? status[1] : "", source: source, sourceVersion: sourceVersion, line: firstLine)
    }

    /// `Source: name (version)`; both parts may be missing.
    private static func source(_ field: String?, name: String, version: String) -> (String, String) {
        guard let field, !field.isEmpty else { return (name, version) }
        let words = field.utf8.split(separator: 0x20, maxSplits: 1)
        let source = words.first.map { String(Substring($0)) } ?? name
        guard words.count == 2, words[1].first == 0x28, words[1].last == 0x29 else { return (source, version) }
        return (source, String(Substring(words[1].dropFirst().dropLast())))
    }

    private func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        var rest = bytes.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest
    }

    private mutating func report(_ reason: String) {
        guard diagnostics.count < DpkgStatusReader.maximumDiagnostics else { return }
        diagnostics.append(PackageDatabaseDiagnostic(line: lineNumber, reason: reason))
    }
}
