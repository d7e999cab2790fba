import AssayBytes

/// The settings of `/etc/login.defs`, login.defs(5).
public struct LoginDefinitions: Hashable, Sendable {
    /// One line.
    public struct Setting: Hashable, Sendable {
        /// The key, in capitals.
        public let key: String
        /// The value without quotes; empty when there is none.
        public let value: String
        /// Where it stands.
        public let location: AccountLocation
    }

    /// The settings in file order.
    public let settings: [Setting]
    /// Whether the whole file was read; false only for a file over the limits.
    public let isComplete: Bool

    /// Reads `bytes`; any bytes are accepted.
    public init(_ bytes: [UInt8], path: String = "/etc/login.defs") {
        var settings: [Setting] = []
        var isComplete = bytes.count <= AccountLimit.bytes
        for line in TextLines(isComplete ? bytes : []) {
            guard line.number <= AccountLimit.lines else {
                isComplete = false
                break
            }
            let text = trimmed(line.text)
            guard let first = text.first, first != "#" else { continue }
            let key = text.prefix { !isBlank($0) }
            // A value may stand in quotes; what follows the closing one does not count.
            let value = text.dropFirst(key.count).drop { isBlank($0) || $0 == "\"" }.prefix { $0 != "\"" }
            settings.append(
                Setting(
                    key: String(key), value: String(value), location: AccountLocation(path: path, line: line.number)))
        }
        self.settings = settings
        self.isComplete = isComplete
    }

    /// The setting of `key` that the shadow tools use: the last one.
    public func setting(_ key: String) -> Setting? { settings.last { $0.key == key } }

    /// The setting of `key` that PAM modules use: the first one.
    public func settingForPAM(_ key: String) -> Setting? { settings.first { $0.key == key } }
}

extension LoginDefinitions {
    /// The hashing method that `ENCRYPT_METHOD` names, for chpasswd, newusers and their like.
    ///
    /// Nil when no line names a method that is known; the tools then fall back to DES, or to MD5 with `MD5_CRYPT_ENAB`.
    public var encryptMethod: (scheme: PasswordHash.Scheme, location: AccountLocation)? {
        guard let setting = setting("ENCRYPT_METHOD") else { return nil }
        let schemes: [String: PasswordHash.Scheme] = [
            "DES": .des, "MD5": .md5crypt, "SHA256": .sha256crypt, "SHA512": .sha512crypt, "BCRYPT": .bcrypt,
            "YESCRYPT": .yescrypt,
        ]
        return schemes[setting.value].map { ($0, setting.location) }
    }
}
