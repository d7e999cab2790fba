import AssayBytes
import Crypto

/// A Java key store (JKS) of trusted certificates, numbers most significant byte first: `FEEDFEED`, version 2, the number of
/// entries; for each entry 2 (trusted certificate), alias, milliseconds since 1970, type, certificate; at the end SHA-1 over
/// the password in UTF-16, a fixed phrase and all bytes before
/// (<https://github.com/openjdk/jdk/blob/master/src/java.base/share/classes/sun/security/provider/JavaKeyStore.java>).
///
/// The password is the customary `changeit`: the digest finds damage, not malice.
enum JavaKeyStore {
    private static let magic: UInt32 = 0xFEED_FEED
    private static let trustedCertificate: UInt32 = 2
    private static let certificateType = "X.509"
    /// Java's strings carry their length in 16 bits; room is left for a number behind the alias.
    private static let aliasLimit = 32_000
    private static let digestSize = 20

    /// Writes a key store; `time` in seconds since 1970.
    static func write(_ entries: [(label: OutputLabel, der: [UInt8])], time: Int64) -> [UInt8] {
        let (milliseconds, overflow) = max(0, time).multipliedReportingOverflow(by: 1000)
        let created = UInt64(overflow ? Int64.max : milliseconds)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.reduce(64) { $0 + $1.der.count + $1.label.value.count + 40 })
        append(magic, to: &bytes)
        append(UInt32(2), to: &bytes)
        append(UInt32(clamping: entries.count), to: &bytes)
        var names = UniqueNames()
        for entry in entries {
            let base = alias(entry.label)
            append(trustedCertificate, to: &bytes)
            append(names.take(base) { base + "-\($0)".utf8 }, to: &bytes)
            append(created, to: &bytes)
            append(Array(certificateType.utf8), to: &bytes)
            append(UInt32(clamping: entry.der.count), to: &bytes)
            bytes += entry.der
        }
        bytes += digest(bytes[...])
        return bytes
    }

    /// Reads a key store whose digest is right.
    static func read(_ bytes: [UInt8]) throws(StoreFault) -> [StoredCertificate] {
        guard bytes.count >= 12 + digestSize else { throw StoreFault("a Java key store is cut short") }
        let end = bytes.count - digestSize
        guard digest(bytes[..<end]) == Array(bytes[end...]) else {
            throw StoreFault("the Java key store's digest is wrong, or its password is not 'changeit'")
        }
        do {
            return try entries(bytes[..<end])
        } catch let fault as StoreFault {
            throw fault
        } catch {
            throw StoreFault("a Java key store is cut short")
        }
    }

    private static func entries(_ bytes: ArraySlice<UInt8>) throws -> [StoredCertificate] {
        var cursor = ByteCursor(bytes.span)
        guard try cursor.u32(.big) == magic else {
            throw StoreFault("no Java key store: it does not begin with FEEDFEED")
        }
        let version = try cursor.u32(.big)
        guard version == 2 else { throw StoreFault("a Java key store of version \(version), not 2") }
        let count = try cursor.u32(.big)
        var result: [StoredCertificate] = []
        while result.count < count {
            let kind = try cursor.u32(.big)
            guard kind == trustedCertificate else {
                throw StoreFault("entry \(result.count) of the Java key store is no trusted certificate")
            }
            let alias = try cursor.bytes(Int(try cursor.u16(.big)))
            try cursor.skip(8)
            let type = try cursor.bytes(Int(try cursor.u16(.big)))
            guard type == Array(certificateType.utf8) else {
                throw StoreFault("entry \(result.count) of the Java key store is no X.509 certificate")
            }
            let der = try cursor.bytes(Int(try cursor.u32(.big)))
            try StoreFault.requireCertificate(der, "entry \(result.count) of the Java key store")
            result.append(StoredCertificate(der: der, alias: alias))
        }
        guard cursor.isAtEnd else { throw StoreFault("bytes follow the last entry of the Java key store") }
        return result
    }

    /// Lower case, ASCII only, no space: what p11-kit makes of a label for Java.
    private static func alias(_ label: OutputLabel) -> [UInt8] {
        guard !label.value.isEmpty else { return Array("unlabeled".utf8) }
        var result: [UInt8] = []
        for byte in label.value where byte < 0x80 && !OutputLabel.isSpace(byte) {
            result.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
            if result.count == aliasLimit { break }
        }
        return result
    }

    static func digest(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var hash = Insecure.SHA1()
        hash.update(data: "changeit".utf8.flatMap { [0, $0] })
        hash.update(data: Array("Mighty Aphrodite".utf8))
        hash.update(data: bytes)
        return Array(hash.finalize())
    }

    private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        for index in stride(from: number.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> index))
        }
    }

    private static func append(_ string: [UInt8], to bytes: inout [UInt8]) {
        append(UInt16(clamping: string.count), to: &bytes)
        bytes += string
    }
}

/// Names that were given out, so that each is given once.
struct UniqueNames {
    private var taken: Set<[UInt8]> = []
    private var next: [[UInt8]: Int] = [:]

    /// `name`, or the first of `variant(1)`, `variant(2)`, … that is free.
    ///
    /// Names are never given back, so counting goes on where it stopped: many equal names cost no more than different ones.
    mutating func take(_ name: [UInt8], variant: (Int) -> [UInt8]) -> [UInt8] {
        if taken.insert(name).inserted { return name }
        var number = next[name] ?? 1
        while true {
            let candidate = variant(number)
            number += 1
            if taken.insert(candidate).inserted {
                next[name] = number
                return candidate
            }
        }
    }
}
