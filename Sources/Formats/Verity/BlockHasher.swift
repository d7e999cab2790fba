import AssaySHA2
import Crypto

/// The digests of equally long blocks with the salt of a tree.
struct BlockHasher: Sendable {
    private enum Engine: Sendable {
        /// SHA-256, several blocks at a time.
        case manyBuffer(ManyBufferSHA256)
        case sha1
        case sha384
        case sha512
    }

    private let engine: Engine
    private let prefix: [UInt8]
    private let suffix: [UInt8]

    init(hashType: HashType, algorithm: HashAlgorithm, salt: [UInt8]) {
        prefix = hashType == .normal ? salt : []
        suffix = hashType == .normal ? [] : salt
        engine =
            switch algorithm {
            case .sha256: .manyBuffer(ManyBufferSHA256(prefix: prefix, suffix: suffix))
            case .sha1: .sha1
            case .sha384: .sha384
            case .sha512: .sha512
            }
    }

    init(_ parameters: TreeParameters) {
        self.init(hashType: parameters.hashType, algorithm: parameters.algorithm, salt: parameters.salt)
    }

    /// Writes the digest of each block of `blocks` to `digests`, `stride` bytes from one to the next.
    ///
    /// `blocks` is a whole number of blocks, and `digests` has room for theirs.
    func hash(_ blocks: Span<UInt8>, blockSize: Int, into digests: inout MutableSpan<UInt8>, stride: Int) {
        switch engine {
        case .manyBuffer(let kernel):
            kernel.hash(blocks, messageLength: blockSize, into: &digests, digestStride: stride)
        case .sha1: hash(blocks, blockSize, into: &digests, stride, Insecure.SHA1.self)
        case .sha384: hash(blocks, blockSize, into: &digests, stride, SHA384.self)
        case .sha512: hash(blocks, blockSize, into: &digests, stride, SHA512.self)
        }
    }

    /// The digest of one block.
    func digest(of block: [UInt8], size: Int) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: size)
        var span = digest.mutableSpan
        hash(block.span, blockSize: block.count, into: &span, stride: size)
        return digest
    }

    private func hash<Function: HashFunction>(
        _ blocks: Span<UInt8>, _ blockSize: Int, into digests: inout MutableSpan<UInt8>, _ stride: Int,
        _ function: Function.Type
    ) {
        for index in 0..<blocks.count / blockSize {
            var state = Function()
            state.update(data: prefix)
            let block = blocks.extracting(droppingFirst: index * blockSize).extracting(first: blockSize)
            unsafe block.withUnsafeBufferPointer { unsafe state.update(bufferPointer: UnsafeRawBufferPointer($0)) }
            state.update(data: suffix)
            for (offset, byte) in state.finalize().enumerated() { digests[index * stride + offset] = byte }
        }
    }
}
