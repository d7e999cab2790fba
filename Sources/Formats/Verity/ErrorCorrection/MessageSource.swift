public import AssayBytes

/// Several regions of byte sources read as one, one after the other.
///
/// The message of the error correction is one: the data blocks and the hash area, which can lie in one file or in two.
public struct ConcatenatedSource: ByteSource {
    /// A part of a source.
    public struct Region: Sendable {
        /// Where the bytes are read.
        public let source: any ByteSource
        /// The first byte in `source`.
        public let offset: ByteOffset
        /// The number of bytes.
        public let count: ByteCount

        /// Makes a region of `count` bytes from `offset` on.
        public init(_ source: any ByteSource, at offset: ByteOffset, count: ByteCount) {
            self.source = source
            self.offset = offset
            self.count = count
        }
    }

    /// The regions, in order.
    public let regions: [Region]
    /// The sum of the regions' sizes.
    public let size: ByteCount

    /// Joins `regions`.
    ///
    /// - Throws: `ByteError`: `truncated` when a region is not wholly inside its source, `overflow` when the sum of all
    ///   does not fit in 64 bits.
    public init(_ regions: [Region]) throws {
        var total = ByteOffset.zero
        for region in regions {
            guard let end = region.offset.advanced(by: region.count), end.rawValue <= region.source.size.rawValue else {
                throw ByteError.truncated(at: region.offset, needed: Int(clamping: region.count.rawValue))
            }
            guard let sum = total.advanced(by: region.count) else { throw ByteError.overflow(at: region.offset) }
            total = sum
        }
        self.regions = regions
        size = ByteCount(total.rawValue)
    }

    /// The message that `geometry` describes: the data blocks from the start of `data`, then the hash area.
    ///
    /// - Throws: `ByteError.truncated` when a device is smaller than the geometry says.
    public init(data: any ByteSource, hash: any ByteSource, geometry: ErrorCorrectionGeometry) throws {
        let blockSize = UInt64(geometry.blockSize)
        try self.init([
            Region(data, at: .zero, count: ByteCount(geometry.dataBlocks * blockSize)),
            Region(
                hash, at: ByteOffset(geometry.hashAreaFirstBlock * blockSize),
                count: ByteCount(geometry.hashAreaBlocks * blockSize)),
        ])
    }

    /// Where the byte at `offset` is: the region's index and the position in its source; nil behind the end.
    public func locate(_ offset: ByteOffset) -> (region: Int, offset: ByteOffset)? {
        var rest = offset.rawValue
        for (index, region) in regions.enumerated() {
            if rest < region.count.rawValue {
                return region.offset.advanced(by: ByteCount(rest)).map { (index, $0) }
            }
            rest -= region.count.rawValue
        }
        return nil
    }

    /// Reads bytes from `offset` on into `buffer`, over the borders of regions.
    public func read(into buffer: inout MutableSpan<UInt8>, at offset: ByteOffset) throws -> Int {
        var done = 0
        var rest = offset.rawValue
        for region in regions where done < buffer.count {
            guard rest < region.count.rawValue else {
                rest -= region.count.rawValue
                continue
            }
            let count = min(buffer.count - done, Int(clamping: region.count.rawValue - rest))
            guard let start = region.offset.advanced(by: ByteCount(rest)) else { break }
            var part = buffer._mutatingExtracting(done..<done + count)
            let read = try region.source.read(into: &part, at: start)
            done += read
            guard read == count else { break }
            rest = 0
        }
        return done
    }
}
