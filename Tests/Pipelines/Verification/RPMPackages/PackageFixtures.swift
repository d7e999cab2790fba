import AssayBytes
import AssayFacts
import AssayOpenPGP
import AssayRPM
import AssayTestSupport
import AssayVerification
import Foundation
import Testing

/// Progress that is only counted.
final class CountedProgress: VerificationProgress {
    private let lock = NSLock()
    nonisolated(unsafe) private var counts = (expected: UInt64(0), done: UInt64(0))

    func expect(_ count: UInt64) { lock.withLock { unsafe counts.expected += count } }
    func advance(by count: Int) { lock.withLock { unsafe counts.done += UInt64(count) } }
    var expected: UInt64 { lock.withLock { unsafe counts.expected } }
    var done: UInt64 { lock.withLock { unsafe counts.done } }
}

/// The committed packages and keys.
enum PackageVectors {
    /// 2026-11-01, when they are judged.
    static let time: Int64 = 1_793_491_200

    private static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../Vectors").standardizedFileURL.path

    static func path(_ name: String) -> String { directory + "/RPM/" + name }

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
    }

    /// The pinned key of a committed file, in either folder.
    static func keys(_ name: String) throws -> PinnedKeys {
        let paths = [path(name), directory + "/OpenPGP/" + name]
        let path = try #require(paths.first { FileManager.default.fileExists(atPath: $0) }, "\(name)")
        return try pinned([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
    }

    /// All certificates of a file that can be read.
    static func pinned(_ bytes: [UInt8]) throws -> PinnedKeys {
        PinnedKeys(
            try OpenPGPKeyring(bytes).certificates.map {
                PinnedKey(source: "test", origin: "test", certificate: $0, fileNames: [])
            })
    }
}

/// The facts of one package.
struct ExaminedFacts {
    let file: VouchedFileFacts
    let document: SignedDocumentFacts?
    let progress: CountedProgress

    init(path: String, keys: PinnedKeys, at time: Int64) throws {
        progress = CountedProgress()
        let context = VerificationContext(keys: keys, time: time, threads: 1, progress: progress)
        let examination = try RPMExamination.examine(SubjectFile(path: path), context)
        file = try #require(examination.files.first)
        document = file.vouchers.first?.document.map { examination.documents[$0] }
        #expect(examination.files.count == 1)
        #expect(progress.expected == progress.done)
    }

    /// Of changed bytes, which are written to a file.
    init(_ bytes: [UInt8], keys: PinnedKeys, at time: Int64) throws {
        let scratch = ScratchDirectory()
        try scratch.write("package.rpm", bytes)
        try self.init(path: scratch.path + "/package.rpm", keys: keys, at: time)
    }

    var signatures: [SignatureFacts] { document?.signatures ?? [] }
    var checks: [SignatureFacts.Check] { signatures.map(\.check) }
    var links: [LinkFacts] { file.vouchers.first?.links ?? [] }
    var codes: [String] { file.unsignedContent.map(\.code) }

    func protection(_ part: String) -> CoverageFacts.Protection? { file.coverage.first { $0.part == part }?.protection }
}

/// A package taken apart, so that its signature header can be built anew, right or wrong.
struct EditablePackage {
    struct Tag {
        var number: UInt32
        var type: UInt32
        var count: Int
        var bytes: [UInt8]
    }

    var lead: [UInt8]
    var tags: [Tag]
    var paddingByte: UInt8 = 0
    var header: [UInt8]
    var payload: [UInt8]

    init(_ bytes: [UInt8]) throws {
        let file = try RPMFile(ByteArraySource(bytes))
        func part(_ range: AssayRPM.ByteRange) throws -> [UInt8] {
            Array(
                bytes[
                    try #require(Int(exactly: range.offset.rawValue))..<(try #require(Int(exactly: range.end.rawValue)))
                ])
        }
        lead = Array(bytes[..<96])
        tags = try file.signatureHeader.entries.map {
            Tag(
                number: $0.tag.rawValue, type: $0.type.rawValue, count: $0.count,
                bytes: try part(file.signatureHeader.range(of: $0)))
        }
        header = try part(file.header.range)
        payload = try part(file.payload)
    }

    /// Adds a tag in its place by number.
    mutating func add(_ number: UInt32, type: UInt32 = 7, count: Int? = nil, _ bytes: [UInt8]) {
        tags.append(Tag(number: number, type: type, count: count ?? bytes.count, bytes: bytes))
        tags.sort { $0.number < $1.number }
    }

    func encoded() -> [UInt8] {
        var index: [UInt8] = []
        var data: [UInt8] = []
        for tag in tags {
            let width = [3: 2, 4: 4, 5: 8][tag.type] ?? 1
            while data.count % width != 0 { data.append(0) }
            index += Self.words(tag.number, tag.type, UInt32(data.count), UInt32(tag.count))
            data += tag.bytes
        }
        let region = Self.words(62, 7, UInt32(data.count), 16)
        data += Self.words(62, 7, UInt32(bitPattern: -16 * Int32(tags.count + 1)), 16)
        var bytes = lead + [0x8E, 0xAD, 0xE8, 1, 0, 0, 0, 0]
        bytes += Self.words(UInt32(tags.count + 1), UInt32(data.count)) + region + index + data
        while bytes.count % 8 != 0 { bytes.append(paddingByte) }
        return bytes + header + payload
    }

    /// Changes a copy and builds it.
    func with(_ change: (inout EditablePackage) -> Void) -> [UInt8] {
        var copy = self
        change(&copy)
        return copy.encoded()
    }

    private static func words(_ numbers: UInt32...) -> [UInt8] {
        numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * UInt32($0))) } }
    }
}
