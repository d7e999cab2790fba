import AssayBytes

/// `/etc/selinux/config`, as libselinux and the init program read it.
///
/// `SELINUX=` counts only at the very start of a line and in capitals; the first line with a known word decides, words are
/// compared without case and only as far as they go (`enforcingly` is enforcing). `SELINUXTYPE=` counts in any case and
/// indented; the last one decides. Both were tried against libselinux 3.4.
/// https://man7.org/linux/man-pages/man5/selinux_config.5.html
public struct SELinuxConfiguration: Hashable, Sendable {
    /// A value and its line.
    public struct Setting<Value: Hashable & Sendable>: Hashable, Sendable {
        /// The value.
        public let value: Value
        /// Counted from 1.
        public let line: Int
    }

    /// A line that does not have the effect that it seems to have.
    public struct Remark: Hashable, Sendable {
        /// Counted from 1.
        public let line: Int
        /// The reason for people.
        public let reason: String
    }

    /// What `SELINUX=` asks for.
    public enum Mode: String, Hashable, Sendable {
        /// The policy is enforced.
        case enforcing
        /// Violations are only logged.
        case permissive
        /// No policy is loaded.
        case disabled
    }

    /// The mode; nil when no line gives one.
    public let mode: Setting<Mode>?
    /// The name of the policy, a folder in `/etc/selinux`; nil for the default, `targeted`.
    public let type: Setting<String>?
    /// Lines without the effect that they seem to have.
    public let remarks: [Remark]

    /// The folder of the policy.
    public var policyDirectory: String { "/etc/selinux/" + (type?.value ?? "targeted") }

    /// Reads the file's bytes.
    public init(_ bytes: [UInt8]) {
        var mode: Setting<Mode>?
        var type: Setting<String>?
        var remarks: [Remark] = []
        func remark(_ line: Int, _ reason: String) {
            if remarks.count < 100 { remarks.append(Remark(line: line, reason: reason)) }
        }
        for line in TextLines(Array(bytes.prefix(65_536))) {
            let indented = line.text.utf8.drop(while: isSpace)
            if line.text.utf8.starts(with: "SELINUX=".utf8) {
                let value = String(Substring(line.text.utf8.dropFirst(8).drop(while: isSpace)))
                let known = [Mode.enforcing, .permissive, .disabled]
                    .first { value.lowercased().utf8.starts(with: $0.rawValue.utf8) }
                if let known, mode == nil {
                    mode = Setting(value: known, line: line.number)
                } else {
                    remark(line.number, known == nil ? "not a mode, ignored" : "an earlier SELINUX= decides")
                }
            } else if String(Substring(indented.prefix(12))).lowercased() == "selinuxtype=" {
                var value = indented.dropFirst(12).drop(while: isSpace)
                while let last = value.last, isSpace(last) || last < 0x20 { value = value.dropLast() }
                if let type { remark(type.line, "a later SELINUXTYPE= decides") }
                type = Setting(value: String(Substring(value)), line: line.number)
            } else if String(Substring(indented.prefix(8))).lowercased() == "selinux=" {
                remark(line.number, "SELINUX= counts only in capitals at the start of a line, ignored")
            }
        }
        self.mode = mode
        self.type = type
        self.remarks = remarks
    }
}

/// What C's `isspace` takes for a blank.
private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
