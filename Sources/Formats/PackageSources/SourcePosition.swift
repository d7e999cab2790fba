/// Where a setting stands.
public struct SourcePosition: Hashable, Sendable, CustomStringConvertible {
    /// The file, as the caller named it.
    public let path: String
    /// Counted from 1; 0 for the file as a whole.
    public let line: Int

    /// `path:line`.
    public var description: String { line == 0 ? path : "\(path):\(line)" }
}

/// Something in a file of package sources that cannot be read or does not mean what it seems to.
public struct SourceDiagnostic: Hashable, Sendable {
    /// Where.
    public let position: SourcePosition
    /// The reason for people.
    public let reason: String
}

/// Limits on what is read of one file.
enum SourceLimits {
    /// Bytes; the rest is left unread, with a diagnostic.
    static let fileBytes = 1 << 20
    /// Diagnostics that are kept.
    static let diagnostics = 200
}

/// Collects what is wrong with one file.
struct DiagnosticLog {
    let path: String
    private(set) var entries: [SourceDiagnostic] = []

    init(path: String) { self.path = path }

    mutating func report(_ line: Int, _ reason: String) {
        guard entries.count < SourceLimits.diagnostics else { return }
        entries.append(SourceDiagnostic(position: SourcePosition(path: path, line: line), reason: reason))
    }
}

extension Substring {
    /// Without blanks and carriage returns at both ends.
    var trimmed: Substring {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        var rest = utf8.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest = rest.dropLast() }
        return Substring(rest)
    }

    /// The words between blanks and, where `commas` is true, commas.
    func words(commas: Bool = false) -> [String] {
        utf8.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D || (commas && $0 == 0x2C) }
            .map { String(Substring($0)) }
    }
}

/// The scheme of a URL in lower case (`https`), or nil when it has none.
func urlScheme(_ url: String) -> String? {
    guard let colon = url.utf8.firstIndex(of: 0x3A), colon != url.utf8.startIndex else { return nil }
    let scheme = url.utf8[..<colon]
    let isSchemeByte: (UInt8) -> Bool = { byte in
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
            || byte == 0x2B || byte == 0x2D || byte == 0x2E
    }
    guard scheme.allSatisfy(isSchemeByte) else { return nil }
    return String(Substring(scheme)).lowercased()
}
