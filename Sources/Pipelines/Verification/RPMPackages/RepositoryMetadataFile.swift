import AssayBytes
import AssayCompression
import AssayFacts
import AssayFileSystem
import AssayRPM
import AssayRepositoryMetadata
import Crypto
import Synchronization

/// A file that is read from its first byte to its last, and hashed as it is read: what was understood is what was hashed.
final class HashedReading: ByteSource {
    private struct State {
        var hash: (any HashFunction & Sendable)?
        var position: UInt64 = 0
    }

    private static let windowSize = 1 << 20

    private let source: any ByteSource
    private let progress: any VerificationProgress
    private let state: Mutex<State>

    /// Starts at the first byte of `source`; without an algorithm that is computed here nothing is hashed.
    init(_ source: any ByteSource, _ algorithm: DigestAlgorithm?, progress: any VerificationProgress) {
        self.source = source
        self.progress = progress
        state = Mutex(State(hash: algorithm.flatMap(PackageDigests.start)))
        progress.expect(source.size.rawValue)
    }

    var size: ByteCount { source.size }

    func read(into buffer: inout MutableSpan<UInt8>, at offset: ByteOffset) throws -> Int {
        let count = try source.read(into: &buffer, at: offset)
        try state.withLock { state in
            guard offset.rawValue == state.position else {
                throw ByteError.truncated(at: offset, needed: buffer.count)
            }
            unsafe buffer.span.extracting(first: count).withUnsafeBytes { bytes in
                unsafe state.hash?.update(bufferPointer: bytes)
            }
            state.position += UInt64(count)
        }
        progress.advance(by: count)
        return count
    }

    /// Reads what is left.
    ///
    /// - Returns: the digest of all bytes, if it is computed.
    /// - Throws: the source's error, `PackagePass.Shrunk` or `CancellationError`.
    func finish() throws -> [UInt8]? {
        while true {
            try Task.checkCancellation()
            let position = state.withLock { $0.position }
            guard position < size.rawValue else { break }
            guard try !prefix(at: ByteOffset(position), atMost: Self.windowSize).isEmpty else {
                throw PackagePass.Shrunk()
            }
        }
        return state.withLock { $0.hash.map(PackageDigests.bytes) }
    }
}

/// A file that a repository's index lists.
struct RepositoryMetadataFile {
    /// What is told to and asked from all files of one repository.
    struct Index: Sendable {
        let folder: RepositoryFolder
        /// Where the index is, for links.
        let place: Place
        /// The number of the document that the index is.
        let document: Int
    }

    /// The facts.
    private(set) var facts: VouchedFileFacts
    /// The statement of the index about the file as it lies there.
    private(set) var link: LinkFacts
    /// Its packages, when it is the list of them and could be read to the end.
    private(set) var packages: [ListedPackage] = []
    /// Why the packages are not known.
    private(set) var listFault: String?

    /// Hashes `file`, and reads the packages that it lists if it is the list of them.
    ///
    /// - Throws: `CancellationError` and nothing else.
    init(_ file: MetadataFile, _ index: Index, _ context: VerificationContext) throws {
        let path = TreePath(file.location.description)
        let name = index.folder.name(path)
        facts = VouchedFileFacts(name: name, kind: .repositoryMetadata, size: 0)
        link = file.checksum.link(to: name, statedBy: index.place, computed: nil)
        link.expectedSize = file.size?.rawValue
        let isList = file.type == "primary"
        if isList { listFault = "it was not read" }
        var links: [LinkFacts] = []
        do {
            let source = try index.folder.root.open(path)
            facts.size = source.size.rawValue
            link.size = source.size.rawValue
            let reading = HashedReading(source, file.checksum.digestAlgorithm, progress: context.progress)
            if isList { links += try readPackages(source, reading, file, index) }
            let digest = try reading.finish()
            link.computed = digest.map { Hex.encode($0) }
            if let digest, let algorithm = link.algorithm { facts.digests[algorithm] = Hex.encode(digest) }
        } catch let error as CancellationError {
            throw error
        } catch {
            let reason = RepositoryFolder.reason(error, listedBelow: file.base)
            facts.problem = FileProblem(isMalformed: false, reason: reason, place: Place(name))
            link.fault = .unreadable
            link.detail = reason
            if isList { listFault = reason }
        }
        facts.vouchers = [VoucherFacts(links: [link] + links, document: index.document)]
    }

    /// Reads the packages out of `reading`.
    ///
    /// - Returns: the statement of the index about the uncompressed list, if it makes one.
    /// - Throws: `FileSystemError`, `CancellationError`.
    private mutating func readPackages(
        _ source: any ByteSource, _ reading: HashedReading, _ file: MetadataFile, _ index: Index
    ) throws -> [LinkFacts] {
        var list = PackageListPass(file.openChecksum?.digestAlgorithm)
        do {
            packages = try list.run(reading, head: try source.prefix(at: .zero, atMost: 16))
            listFault = nil
        } catch let error as CancellationError {
            throw error
        } catch let error as FileSystemError {
            throw error
        } catch {
            let code = (error as? CompressionError)?.code
            let isUnknown = [.unsupported, .memoryLimitExceeded, .outputLimitExceeded].contains(code)
            let line = (error as? MetadataError)?.line
            listFault = "\(error)"
            facts.problem = FileProblem(
                isMalformed: !isUnknown, reason: "the list of packages: \(error)",
                place: Place(facts.name, line: line))
        }
        guard file.openChecksum != nil || file.openSize != nil else { return [] }
        let name = "\(facts.name) (uncompressed)"
        var open =
            file.openChecksum?.link(to: name, statedBy: index.place, computed: listFault == nil ? list.digest : nil)
            ?? LinkFacts(file: name, statedBy: index.place)
        open.expectedSize = file.openSize?.rawValue
        if listFault == nil {
            open.size = list.size
        } else {
            open.fault = .unreadable
            open.detail = listFault
        }
        return [open]
    }
}

/// One pass over a list of packages, which may be compressed.
private struct PackageListPass {
    private static let chunkSize = 256 * 1024
    private static let maximumSize = ByteCount.mebibytes(2048)

    private var hash: (any HashFunction & Sendable)?
    private var reader = PackageListReader(maximumSize: maximumSize)
    private var packages: [ListedPackage] = []
    /// Uncompressed bytes so far.
    private(set) var size: UInt64 = 0

    init(_ algorithm: DigestAlgorithm?) { hash = algorithm.flatMap(PackageDigests.start) }

    /// The digest of the uncompressed bytes, if it is computed.
    var digest: [UInt8]? { hash.map(PackageDigests.bytes) }

    /// A list that contradicts itself.
    struct WrongCount: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads `source`, whose first bytes are `head`, from its start.
    mutating func run(_ source: HashedReading, head: [UInt8]) throws -> [ListedPackage] {
        if let format = CompressionFormat.detect(head) {
            let limits = DecompressionLimits(output: Self.maximumSize)
            var stream = try DecompressionReader(source, with: Decompressor(format, limits: limits))
            var chunk = [UInt8](repeating: 0, count: Self.chunkSize)
            while true {
                try Task.checkCancellation()
                var span = chunk.mutableSpan
                let count = try stream.read(into: &span)
                guard count > 0 else { break }
                try take(count == chunk.count ? chunk : Array(chunk[..<count]))
            }
        } else {
            while size < source.size.rawValue {
                try Task.checkCancellation()
                let chunk = try source.prefix(at: ByteOffset(size), atMost: Self.chunkSize)
                guard !chunk.isEmpty else { throw PackagePass.Shrunk() }
                try take(chunk)
            }
        }
        let summary = try reader.finish()
        if let declared = summary.declaredPackages, declared != UInt64(summary.packages) {
            throw WrongCount(description: "it says that it has \(declared) packages and has \(summary.packages)")
        }
        return packages
    }

    private mutating func take(_ chunk: [UInt8]) throws {
        unsafe chunk.withUnsafeBytes { unsafe hash?.update(bufferPointer: $0) }
        size += UInt64(chunk.count)
        packages += try reader.append(chunk)
    }
}
