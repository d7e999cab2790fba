import AssayOpenPGP
import Crypto
import CryptoExtras
import Foundation

/// Builds packets, keys and signatures, the wrong ones too, which no tool would make.
enum Build {
    static func number(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * (width - 1 - $0))) }
    }

    static func packet(_ tag: UInt8, _ body: [UInt8]) -> [UInt8] { [0xC0 | tag, 0xFF] + number(body.count, 4) + body }

    static func mpi(_ bytes: [UInt8]) -> [UInt8] {
        let bytes = Array(bytes.drop { $0 == 0 })
        return number(bytes.first.map { bytes.count * 8 - $0.leadingZeroBitCount } ?? 0, 2) + bytes
    }

    static func subpacket(_ type: UInt8, _ body: [UInt8], isCritical: Bool = false) -> [UInt8] {
        [UInt8(body.count + 1), isCritical ? type | 0x80 : type] + body
    }

    static func created(_ time: Int) -> [UInt8] { subpacket(2, number(time, 4)) }
    static func flags(_ value: UInt8) -> [UInt8] { subpacket(27, [value]) }
    static func keyLifetime(_ seconds: Int) -> [UInt8] { subpacket(9, number(seconds, 4)) }
    static func issuer(_ key: TestKey) -> [UInt8] {
        subpacket(33, [UInt8(key.version)] + key.fingerprint)
    }
}

/// A key pair of the tests.
struct TestKey: Sendable {
    enum Secret: Sendable {
        case ed25519(Curve25519.Signing.PrivateKey)
        case rsa(_RSA.Signing.PrivateKey)
    }

    let version: Int
    let secret: Secret
    let body: [UInt8]

    /// An Ed25519 key: in its old form for version 4, in its new one for version 6.
    static func ed25519(version: Int = 4, created: Int = 1000) -> TestKey {
        let secret = Curve25519.Signing.PrivateKey()
        let point = Array(secret.publicKey.rawRepresentation)
        let head = [UInt8(version)] + Build.number(created, 4)
        let identifier: [UInt8] = [9, 0x2B, 0x06, 0x01, 0x04, 0x01, 0xDA, 0x47, 0x0F, 0x01]
        let body =
            version == 6
            ? head + [27] + Build.number(32, 4) + point : head + [22] + identifier + Build.mpi([0x40] + point)
        return TestKey(version: version, secret: .ed25519(secret), body: body)
    }

    /// A version 4 RSA key.
    static func rsa(created: Int = 1000) throws -> TestKey {
        let secret = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let numbers = try secret.publicKey.getKeyPrimitives()
        let body =
            [4] + Build.number(created, 4) + [1] + Build.mpi(Array(numbers.modulus))
            + Build.mpi(Array(numbers.publicExponent))
        return TestKey(version: 4, secret: .rsa(secret), body: body)
    }

    var algorithm: UInt8 {
        switch secret {
        case .ed25519: version == 6 ? 27 : 22
        case .rsa: 1
        }
    }

    var hashedForm: [UInt8] {
        version == 6 ? [0x9B] + Build.number(body.count, 4) + body : [0x99] + Build.number(body.count, 2) + body
    }

    var fingerprint: [UInt8] {
        version == 6 ? Array(SHA256.hash(data: hashedForm)) : Array(Insecure.SHA1.hash(data: hashedForm))
    }

    func packet(_ tag: UInt8 = 6) -> [UInt8] { Build.packet(tag, body) }

    /// A signature packet's body; `hash` is 2 (SHA-1), 8 (SHA-256) or 10 (SHA-512), or another number that then lies.
    func signature(
        _ type: UInt8, over data: [UInt8], version: UInt8? = nil, hash: UInt8? = nil, hashed: [UInt8],
        unhashed: [UInt8] = []
    ) throws -> [UInt8] {
        let version = version ?? UInt8(self.version)
        let hash = hash ?? (version == 6 ? 10 : 8)
        let width = version == 6 ? 4 : 2
        let salt = version == 6 ? [UInt8](repeating: 0x5A, count: hash == 10 ? 32 : 16) : []
        let head = [version, type, algorithm, hash] + Build.number(hashed.count, width) + hashed
        let signed = salt + data + head + [version, 0xFF] + Build.number(head.count, 4)
        let (prefix, numbers) = try sign(signed, hash)
        let salted = version == 6 ? [UInt8(salt.count)] + salt : []
        return head + Build.number(unhashed.count, width) + unhashed + prefix + salted + numbers
    }

    /// The body of a version 3 signature.
    func version3(_ type: UInt8, over data: [UInt8], created: Int, hash: UInt8 = 8) throws -> [UInt8] {
        let hashed = [type] + Build.number(created, 4)
        let (prefix, numbers) = try sign(data + hashed, hash)
        return [3, 5] + hashed + fingerprint.suffix(8) + [algorithm, hash] + prefix + numbers
    }

    private func sign(_ data: [UInt8], _ hash: UInt8) throws -> ([UInt8], [UInt8]) {
        switch hash {
        case 2: try sign(Insecure.SHA1.hash(data: data))
        case 10: try sign(SHA512.hash(data: data))
        default: try sign(SHA256.hash(data: data))
        }
    }

    private func sign(_ digest: some Digest) throws -> ([UInt8], [UInt8]) {
        let prefix = Array(Array(digest).prefix(2))
        switch secret {
        case .ed25519(let key):
            let raw = Array(try key.signature(for: Array(digest)))
            return (prefix, version == 6 ? raw : Build.mpi(Array(raw.prefix(32))) + Build.mpi(Array(raw.suffix(32))))
        case .rsa(let key):
            let signature = try key.signature(for: digest, padding: .insecurePKCS1v1_5)
            return (prefix, Build.mpi(Array(signature.rawRepresentation)))
        }
    }
}

extension TestKey {
    /// What a certification of `userID` is over.
    func certified(_ userID: String) -> [UInt8] {
        hashedForm + [0xB4] + Build.number(userID.utf8.count, 4) + Array(userID.utf8)
    }

    /// The packets of a certificate with one user ID that binds the primary key.
    func certificate(_ hashed: [UInt8]? = nil, userID: String = "test") throws -> [UInt8] {
        let binding = try signature(
            version == 6 ? 0x1F : 0x13, over: version == 6 ? hashedForm : certified(userID),
            hashed: hashed ?? Build.created(1000) + Build.flags(3) + Build.issuer(self))
        let name = Build.packet(13, Array(userID.utf8))
        return packet() + (version == 6 ? Build.packet(2, binding) + name : name + Build.packet(2, binding))
    }

    /// A signature packet over a document.
    func sign(
        _ document: [UInt8], hashed: [UInt8]? = nil, unhashed: [UInt8] = [], type: UInt8 = 0, hash: UInt8? = nil,
        version: UInt8? = nil
    ) throws -> [UInt8] {
        Build.packet(
            2,
            try signature(
                type, over: document, version: version, hash: hash,
                hashed: hashed ?? Build.created(2000) + Build.issuer(self), unhashed: unhashed))
    }

    /// The packets of a subkey: itself and its binding, with a back signature by `back`, if any.
    func subkey(_ subkey: TestKey, back: TestKey?, flags: UInt8 = 2) throws -> [UInt8] {
        let bound = hashedForm + subkey.hashedForm
        let embedded =
            try back.map { Build.subpacket(32, try $0.signature(0x19, over: bound, hashed: Build.created(1000))) } ?? []
        let binding = try signature(
            0x18, over: bound, hashed: Build.created(1000) + Build.flags(flags) + Build.issuer(self),
            unhashed: embedded)
        return subkey.packet(14) + Build.packet(2, binding)
    }
}
