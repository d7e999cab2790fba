import AssayVerity
import Crypto

/// A hash tree computed without streaming, threads or kernels: what every faster way must agree with.
struct PlainTree {
    /// The blocks of all levels as they lie on the hash device, the top first.
    private(set) var blocks: [UInt8] = []
    let rootHash: [UInt8]

    /// Hashes the data blocks that `parameters` count at the beginning of `data`.
    init(_ parameters: TreeParameters, _ data: [UInt8]) {
        var below = data.prefix(Int(parameters.dataBlocks) * parameters.dataBlockSize)
        var blockSize = parameters.dataBlockSize
        var perBlock = 1
        while 2 * perBlock * parameters.algorithm.digestSize <= parameters.hashBlockSize { perBlock *= 2 }
        while below.count > blockSize {
            var level: [UInt8] = []
            var digests = 0
            var position = below.startIndex
            while position < below.endIndex {
                if digests == perBlock {
                    level += Self.zeros(to: parameters.hashBlockSize, level.count)
                    digests = 0
                }
                let digest = Self.digest(of: below[position..<position + blockSize], parameters)
                level += digest
                if parameters.hashType == .normal { level += Self.zeros(to: digest.count > 32 ? 64 : 32, digest.count) }
                digests += 1
                position += blockSize
            }
            level += Self.zeros(to: parameters.hashBlockSize, level.count)
            blocks = level + blocks
            below = level[...]
            blockSize = parameters.hashBlockSize
        }
        rootHash = Self.digest(of: below, parameters)
    }

    /// The zeros that fill `count` bytes up to a multiple of `size`.
    private static func zeros(to size: Int, _ count: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: (size - count % size) % size)
    }

    private static func digest(of block: ArraySlice<UInt8>, _ parameters: TreeParameters) -> [UInt8] {
        let bytes = Array(block)
        let message = parameters.hashType == .normal ? parameters.salt + bytes : bytes + parameters.salt
        return switch parameters.algorithm {
        case .sha1: Array(Insecure.SHA1.hash(data: message))
        case .sha256: Array(SHA256.hash(data: message))
        case .sha384: Array(SHA384.hash(data: message))
        case .sha512: Array(SHA512.hash(data: message))
        }
    }
}
