/// An array of bytes as a key.
package struct ByteKey: Hashable, Sendable {
    /// The bytes.
    package let bytes: [UInt8]

    /// Makes one.
    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Hashes all bytes at once.
    package func hash(into hasher: inout Hasher) { hasher.combine(all: bytes) }
}

extension Hasher {
    /// Mixes in all bytes at once: an array's own hash takes them one by one, which takes ten times as long.
    package mutating func combine(all bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { buffer in
            // The buffer is only read while it lives.
            unsafe combine(bytes: buffer)
        }
    }
}
