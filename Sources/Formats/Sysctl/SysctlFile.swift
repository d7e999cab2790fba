/// Where a line stands.
public struct SysctlLocation: Hashable, Sendable, CustomStringConvertible {
    /// The file, as the caller named it.
    public let path: String
    /// Counted from 1.
    public let line: Int

    /// `path:line`.
    public var description: String { "\(path):\(line)" }
}

/// One line of a sysctl.d file that has a meaning.
public struct SysctlAssignment: Hashable, Sendable {
    /// The key or the pattern, normalised.
    public let key: SysctlKey
    /// The value without surrounding white space; nil for `-key`, which keeps patterns away from the key.
    public let value: String?
    /// Whether the line begins with `-`, so that a failing write is not an error.
    public let ignoresFailure: Bool
    /// Where it stands.
    public let location: SysctlLocation
}

/// Something in the input that systemd-sysctl would not do, or that cannot be judged.
public struct SysctlDiagnostic: Hashable, Sendable {
    /// What it is about.
    public enum Kind: Hashable, Sendable {
        /// A line without `=` that does not begin with `-`; it is ignored and systemd-sysctl fails at its end.
        case notAnAssignment
        /// A line whose key is empty.
        case emptyKey
        /// A line longer than 1 MiB; nothing behind it is read.
        case lineTooLong
        /// A key with `..`: systemd-sysctl refuses to write it.
        case parentReference
        /// A file that could not be read; what it sets is not known.
        case unreadable(reason: String)
        /// More patterns than this implementation keeps; the later ones are not known to the plan.
        case tooManyPatterns
    }

    /// What is wrong.
    public let kind: Kind
    /// Where; line 0 stands for the whole file.
    public let location: SysctlLocation
}

/// A sysctl.d file as a list of its assignments.
///
/// Empty lines and lines that begin with `#` or `;` are ignored; there is no line continuation and no comment behind a
/// value. Exclusions (`-key`) and patterns exist since systemd v246; before, `-` only meant "ignore failure".
public struct SysctlFile: Hashable, Sendable {
    /// What the file sets, in its order; the same key may occur again.
    public let assignments: [SysctlAssignment]
    /// The lines that are ignored although they are no comments, and the doubtful ones.
    public let diagnostics: [SysctlDiagnostic]

    /// Parses `bytes`; `path` only names the file in locations.
    public init(_ bytes: [UInt8], path: String) {
        var assignments: [SysctlAssignment] = []
        var diagnostics: [SysctlDiagnostic] = []
        for line in SysctlLines(bytes) {
            let location = SysctlLocation(path: path, line: line.number)
            guard let content = line.bytes else {
                diagnostics.append(SysctlDiagnostic(kind: .lineTooLong, location: location))
                break
            }
            var text = SysctlFile.strip(content)
            guard let first = text.first, first != UInt8(ascii: "#"), first != UInt8(ascii: ";") else { continue }
            let equals = text.firstIndex(of: UInt8(ascii: "="))
            let dash = first == UInt8(ascii: "-")
            guard equals != nil || dash else {
                diagnostics.append(SysctlDiagnostic(kind: .notAnAssignment, location: location))
                continue
            }
            let value = equals.map { String(decoding: SysctlFile.strip(text[($0 + 1)...]), as: UTF8.self) }
            text = text[..<(equals ?? text.endIndex)]
            if dash { text = text.dropFirst() }
            let key = SysctlKey(String(decoding: SysctlFile.strip(text), as: UTF8.self))
            guard !key.path.isEmpty else {
                diagnostics.append(SysctlDiagnostic(kind: .emptyKey, location: location))
                continue
            }
            if key.hasParentReference {
                diagnostics.append(SysctlDiagnostic(kind: .parentReference, location: location))
            }
            assignments.append(
                SysctlAssignment(key: key, value: value, ignoresFailure: dash && value != nil, location: location))
        }
        self.assignments = assignments
        self.diagnostics = diagnostics
    }

    private static func strip(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let blank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        let start = bytes.firstIndex { !blank($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !blank($0) } ?? start
        return start == bytes.endIndex ? bytes[start...] : bytes[start...end]
    }
}
