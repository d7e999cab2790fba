import AssayBytes

/// Bytes of the file and the claims that need them hashed.
public struct HashSegment: Hashable, Sendable {
    /// The bytes to read.
    public let range: ByteRange
    /// Indexes into `RPMFile.claims` of the claims to feed with them.
    public let claims: [Int]
}

extension RPMFile {
    /// How to hash for every claim in one pass over the file: segments in file order, each read once.
    ///
    /// A claim's bytes are its segments in this order. A digest's algorithm is the claim's; a signature's stands in its
    /// OpenPGP packet, and a signature of version 6 hashes its salt first. Digests of the uncompressed payload are not
    /// here: the caller uncompresses `payload` for them.
    public var hashPlan: [HashSegment] {
        [header.range, payload].compactMap { range in
            let indexes = claims.indices.filter { index in
                switch claims[index].scope {
                case .header: range == header.range
                case .headerAndPayload: true
                case .payload: range == payload
                case .uncompressedPayload: false
                }
            }
            return indexes.isEmpty ? nil : HashSegment(range: range, claims: indexes)
        }
    }
}
