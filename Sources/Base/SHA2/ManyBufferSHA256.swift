internal import CAssaySHA2

/// SHA-256 (FIPS 180-4) of many equally long messages, several at a time in one thread.
///
/// Message i is the concatenation of a prefix, block i and a suffix; this is how dm-verity salts its blocks
/// (https://docs.kernel.org/admin-guide/device-mapper/verity.html). A processor with SHA instructions waits for each of
/// them longer than it needs to start the next, so that several interleaved messages take little longer than one.
public struct ManyBufferSHA256: Sendable {
    /// The bytes of a digest.
    public static let digestLength = Int(ASSAY_SHA256_DIGEST_SIZE)
    /// The most messages that are interleaved.
    public static let maximumLanes = Int(ASSAY_SHA256_MAXIMUM_LANES)

    /// The bytes before each block.
    public let prefix: [UInt8]
    /// The bytes after each block.
    public let suffix: [UInt8]
    /// The instructions that compute the hash.
    public let kernel: Kernel
    /// How many messages are interleaved.
    public let lanes: Int

    /// Makes a hash function.
    ///
    /// - Parameters:
    ///   - prefix: the bytes before each block.
    ///   - suffix: the bytes after each block.
    ///   - kernel: the instructions that compute the hash; one that is not `available` is a precondition failure.
    ///   - lanes: how many messages are interleaved, 1 to `maximumLanes`; by default what is fastest.
    public init(prefix: [UInt8] = [], suffix: [UInt8] = [], kernel: Kernel = .best, lanes: Int? = nil) {
        precondition(kernel.isAvailable, "this processor does not have the kernel")
        let lanes = lanes ?? kernel.preferredLanes
        precondition((1...Self.maximumLanes).contains(lanes), "the number of lanes is out of range")
        self.prefix = prefix
        self.suffix = suffix
        self.kernel = kernel
        self.lanes = lanes
    }

    /// Hashes blocks that follow each other without a gap.
    ///
    /// Digest i is written to the 32 bytes at `i * digestStride`; the bytes between the digests stay as they are.
    /// Lengths that break a rule below are a precondition failure, before anything is read or written.
    ///
    /// - Parameters:
    ///   - messages: the blocks; a multiple of `messageLength` bytes.
    ///   - messageLength: the bytes of each block, at least 1.
    ///   - digests: where the digests go; the last must fit.
    ///   - digestStride: the distance from one digest to the next in bytes, at least 32.
    public func hash(
        _ messages: Span<UInt8>, messageLength: Int, into digests: inout MutableSpan<UInt8>, digestStride: Int = 32
    ) {
        precondition(messageLength > 0, "the number of empty messages is not known")
        precondition(messages.count.isMultiple(of: messageLength), "a message is incomplete")
        hash(
            messages, messageLength: messageLength, messageStride: messageLength,
            count: messages.count / messageLength, into: &digests, digestStride: digestStride)
    }

    /// Hashes `count` blocks at equal distances, which may be empty.
    ///
    /// Digest i is written to the 32 bytes at `i * digestStride`; the bytes between the digests stay as they are.
    /// Lengths that break a rule below are a precondition failure, before anything is read or written.
    ///
    /// - Parameters:
    ///   - messages: the bytes in which the blocks lie; the last block must fit.
    ///   - messageLength: the bytes of each block.
    ///   - messageStride: the distance from one block to the next in bytes; blocks may overlap.
    ///   - count: the number of blocks.
    ///   - digests: where the digests go; the last must fit.
    ///   - digestStride: the distance from one digest to the next in bytes, at least 32.
    public func hash(
        _ messages: Span<UInt8>, messageLength: Int, messageStride: Int, count: Int,
        into digests: inout MutableSpan<UInt8>, digestStride: Int = 32
    ) {
        precondition(messageLength >= 0 && messageStride >= 0 && count >= 0, "a length is negative")
        precondition(digestStride >= Self.digestLength, "the digests overlap")
        guard count > 0 else { return }
        precondition(
            Self.fits(messageLength, stride: messageStride, count: count, in: messages.count),
            "the last message is not within the messages")
        precondition(
            Self.fits(Self.digestLength, stride: digestStride, count: count, in: digests.count),
            "the last digest is not within the digests")
        // The preconditions above are the proof that the C function stays within both spans.
        let hashed = unsafe digests.withUnsafeMutableBufferPointer { digests in
            unsafe messages.withUnsafeBufferPointer { messages in
                unsafe prefix.withUnsafeBufferPointer { prefix in
                    unsafe suffix.withUnsafeBufferPointer { suffix in
                        unsafe assay_sha256_many(
                            kernel.function, lanes, prefix.baseAddress, prefix.count, messages.baseAddress,
                            messageLength, messageStride, count, suffix.baseAddress, suffix.count,
                            digests.baseAddress, digestStride)
                    }
                }
            }
        }
        precondition(hashed, "the kernel is not available")
    }

    /// Whether `count` items of `length` bytes, `stride` bytes apart, lie within `capacity` bytes; at least one item.
    private static func fits(_ length: Int, stride: Int, count: Int, in capacity: Int) -> Bool {
        let (start, overflow) = (count - 1).multipliedReportingOverflow(by: stride)
        return !overflow && start <= capacity && length <= capacity - start
    }
}
