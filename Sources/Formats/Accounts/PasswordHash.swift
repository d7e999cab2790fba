/// How a stored password is hashed; never the hash itself.
///
/// The formats are crypt(5), https://manpages.debian.org/bookworm/libcrypt-dev/crypt.5.en.html.
public struct PasswordHash: Hashable, Sendable {
    /// The hashing methods that crypt(3) knows.
    public enum Scheme: String, Hashable, Sendable, CaseIterable {
        /// `$y$`
        case yescrypt
        /// `$gy$`
        case gostYescrypt = "gost-yescrypt"
        /// `$7$`
        case scrypt
        /// `$2a$`, `$2b$`, `$2x$`, `$2y$`
        case bcrypt
        /// `$6$`
        case sha512crypt
        /// `$5$`
        case sha256crypt
        /// `$sha1$`
        case sha1crypt
        /// `$md5`
        case sunMD5 = "sunmd5"
        /// `$1$`
        case md5crypt
        /// `_`
        case bsdiDES = "bsdicrypt"
        /// Pieces of DES side by side.
        case bigcrypt
        /// Thirteen characters.
        case des = "descrypt"
        /// `$3$`
        case ntHash = "nthash"
    }

    /// What a guess costs.
    public enum Cost: Hashable, Sendable {
        /// That many rounds.
        case rounds(UInt32)
        /// Two to the power of that many rounds (bcrypt).
        case logarithmicRounds(UInt8)
        /// Two to the power of that many memory blocks of `blockSize` times 128 bytes (yescrypt, scrypt).
        case memory(logarithmicCount: UInt8, blockSize: UInt32)
    }

    /// The hashing method.
    public let scheme: Scheme
    /// What a guess costs; nil where the method has no parameter or it can't be read.
    public let cost: Cost?
    /// Whether salt and hash have the form that the method makes; otherwise no password fits.
    public let isWellFormed: Bool
}

/// The password field of an account.
public enum PasswordField: Hashable, Sendable {
    /// Anyone may log in without a password.
    case empty
    /// No password fits; `underlying` is the method of the hash behind the lock (`!$6$…`), if there is one.
    case locked(underlying: PasswordHash.Scheme?)
    /// A hash.
    case hashed(PasswordHash)
    /// The hash stands in the shadow file (`x`).
    case shadowed
    /// Something that no known method makes, so that no password fits; its first bytes are not kept either.
    case unrecognized

    /// Recognizes the field of a shadow file.
    public init(shadow text: some StringProtocol) {
        guard let first = text.first else {
            self = .empty
            return
        }
        if first == "!" || first == "*" {
            let rest = text.drop { $0 == "!" || $0 == "*" }
            self = .locked(underlying: PasswordHash(text: String(rest))?.scheme)
        } else if let hash = PasswordHash(text: String(text)) {
            self = .hashed(hash)
        } else {
            self = .unrecognized
        }
    }

    /// Recognizes the field of a passwd file, where `x` points to the shadow file.
    public init(passwd text: some StringProtocol) {
        self = text == "x" ? .shadowed : PasswordField(shadow: text)
    }
}

extension PasswordHash {
    /// The alphabet of crypt(3), in the order of its values.
    private static let alphabet = Array("./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// Recognizes a hash, or gives nil.
    init?(text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= 512 else { return nil }
        let parts = text.split(separator: "$", omittingEmptySubsequences: false).map(String.init)
        switch parts.count > 2 && parts[0].isEmpty ? parts[1] : "" {
        case "y": self.init(.yescrypt, parts, PasswordHash.yescryptCost)
        case "gy": self.init(.gostYescrypt, parts, PasswordHash.yescryptCost)
        case "7": self.init(scrypt: parts)
        case "2a", "2b", "2x", "2y": self.init(bcrypt: parts)
        case "6": self.init(sha: .sha512crypt, parts, hashLength: 86)
        case "5": self.init(sha: .sha256crypt, parts, hashLength: 43)
        case "sha1":
            let rounds = parts[2].utf8.count <= 10 ? UInt32(parts[2]) : nil
            self.init(
                scheme: .sha1crypt, cost: rounds.map { .rounds($0) },
                isWellFormed: parts.count == 5 && rounds != nil && PasswordHash.isHash(parts[4], 28))
        case "1":
            self.init(
                scheme: .md5crypt, cost: nil, isWellFormed: parts.count == 4 && PasswordHash.isHash(parts[3], 22))
        case "3":
            self.init(scheme: .ntHash, cost: nil, isWellFormed: parts.count == 4 && parts[3].utf8.count == 32)
        case let name where name.hasPrefix("md5"):
            self.init(scheme: .sunMD5, cost: nil, isWellFormed: parts.last.map { PasswordHash.isHash($0, 22) } ?? false)
        default: self.init(des: bytes)
        }
    }

    private init(_ scheme: Scheme, _ parts: [String], _ readCost: (String) -> Cost?) {
        self.scheme = scheme
        cost = readCost(parts[2])
        isWellFormed = parts.count == 5 && cost != nil && PasswordHash.isHash(parts[4], 43)
    }

    private init(scrypt parts: [String]) {
        scheme = .scrypt
        let settings = parts[2].utf8.prefix(11).compactMap { PasswordHash.value($0) }
        if settings.count == 11 {
            let size = settings[1..<6].reversed().reduce(UInt32(0)) { $0 << 6 | UInt32($1) }
            cost = .memory(logarithmicCount: settings[0], blockSize: size)
        } else {
            cost = nil
        }
        isWellFormed = parts.count == 4 && cost != nil && PasswordHash.isHash(parts[3], 43)
    }

    private init(bcrypt parts: [String]) {
        scheme = .bcrypt
        cost = parts[2].utf8.count == 2 ? UInt8(parts[2]).map { .logarithmicRounds($0) } : nil
        isWellFormed = parts.count == 4 && cost != nil && PasswordHash.isHash(parts[3], 53)
    }

    private init(sha scheme: Scheme, _ parts: [String], hashLength: Int) {
        self.scheme = scheme
        var rest = parts.dropFirst(2)
        var rounds: UInt32? = 5000
        if let first = rest.first, first.hasPrefix("rounds=") {
            rounds = first.utf8.count <= 17 ? UInt32(first.dropFirst(7)) : nil
            rest = rest.dropFirst()
        }
        cost = rounds.map { .rounds($0) }
        isWellFormed = rest.count == 2 && cost != nil && PasswordHash.isHash(rest.last ?? "", hashLength)
    }

    private init?(des bytes: [UInt8]) {
        guard let first = bytes.first else { return nil }
        let isExtended = first == UInt8(ascii: "_")
        guard bytes.dropFirst(isExtended ? 1 : 0).allSatisfy({ PasswordHash.value($0) != nil }) else { return nil }
        if isExtended, bytes.count == 20 {
            let rounds = bytes[1..<5].reversed().reduce(UInt32(0)) { $0 << 6 | UInt32(PasswordHash.value($1) ?? 0) }
            self.init(scheme: .bsdiDES, cost: .rounds(rounds), isWellFormed: true)
        } else if !isExtended, bytes.count == 13 {
            self.init(scheme: .des, cost: nil, isWellFormed: true)
        } else if !isExtended, bytes.count > 13, bytes.count <= 178, bytes.count % 11 == 2 {
            self.init(scheme: .bigcrypt, cost: nil, isWellFormed: true)
        } else {
            return nil
        }
    }

    /// Reads yescrypt's parameters: flavour, logarithm of the block count, block size, one character each where small.
    private static func yescryptCost(_ text: String) -> Cost? {
        let values = text.utf8.map { value($0) }
        guard values.count >= 3, let count = values[1], count < 48, let size = values[2], size < 48 else { return nil }
        return .memory(logarithmicCount: count + 1, blockSize: UInt32(size) + 1)
    }

    private static func isHash(_ text: String, _ length: Int) -> Bool {
        text.utf8.count == length && text.utf8.allSatisfy { value($0) != nil }
    }

    private static func value(_ byte: UInt8) -> UInt8? { alphabet.firstIndex(of: byte).map { UInt8($0) } }
}
