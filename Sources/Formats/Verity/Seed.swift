import Crypto

/// Salt and UUID that come from a seed, so that the same data give the same hash device.
///
/// HMAC-SHA256 with the seed as key over a label. The salt is the one that systemd-repart derives from the same seed
/// (https://www.freedesktop.org/software/systemd/man/latest/systemd-repart.html, `--seed=`).
public struct Seed: Hashable, Sendable {
    private let key: [UInt8]

    /// Takes a seed of 16 bytes, which is what a UUID has.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        key = bytes
    }

    /// The salt: 32 bytes.
    public var salt: [UInt8] { code(over: "verity-salt") }

    /// The UUID, marked as one of random numbers (RFC 9562, version 4).
    public var uuid: [UInt8] {
        Superblock.randomUUID(from: Array(code(over: "verity-uuid").prefix(16)))
    }

    private func code(over label: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(label.utf8), using: SymmetricKey(data: key)))
    }
}
