import AssayBytes
import AssayRPM
import Foundation
import Testing

/// A tag and its value for a header that a test builds.
struct TestTag {
    var tag: UInt32
    var type: UInt32
    var count: Int
    var bytes: [UInt8]
    /// Where its data shall be said to be, instead of where it is.
    var offset: UInt32?

    static func string(_ tag: UInt32, _ text: String) -> TestTag {
        TestTag(tag: tag, type: 6, count: 1, bytes: Array(text.utf8) + [0])
    }

    static func strings(_ tag: UInt32, _ texts: [String]) -> TestTag {
        TestTag(tag: tag, type: 8, count: texts.count, bytes: texts.flatMap { Array($0.utf8) + [0] })
    }

    static func int32(_ tag: UInt32, _ numbers: UInt32...) -> TestTag {
        TestTag(tag: tag, type: 4, count: numbers.count, bytes: numbers.flatMap(bigEndian))
    }

    static func int64(_ tag: UInt32, _ number: UInt64) -> TestTag {
        TestTag(
            tag: tag, type: 5, count: 1,
            bytes: bigEndian(UInt32(number >> 32)) + bigEndian(UInt32(truncatingIfNeeded: number)))
    }

    static func binary(_ tag: UInt32, _ bytes: [UInt8]) -> TestTag {
        TestTag(tag: tag, type: 7, count: bytes.count, bytes: bytes)
    }
}

func bigEndian(_ number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * UInt32($0))) }
}

/// A header to build, right or wrong.
struct TestHeader {
    var region: UInt32?
    var tags: [TestTag]
    /// Tags behind the region.
    var outside: [TestTag] = []
    var trailerTag: UInt32?
    var trailerOffset: Int32?
    /// Bytes between the tags' data and the trailer.
    var gap: [UInt8] = []

    func encoded() -> [UInt8] {
        var index: [UInt8] = []
        var data: [UInt8] = []
        func append(_ tag: TestTag) {
            let width = [3: 2, 4: 4, 5: 8][tag.type] ?? 1
            while data.count % width != 0 { data.append(0) }
            index += bigEndian(tag.tag) + bigEndian(tag.type) + bigEndian(tag.offset ?? UInt32(data.count))
            index += bigEndian(UInt32(tag.count))
            data += tag.bytes
        }
        for tag in tags { append(tag) }
        var first: [UInt8] = []
        if let region {
            data += gap
            first = bigEndian(region) + bigEndian(7) + bigEndian(UInt32(data.count)) + bigEndian(16)
            let offset = trailerOffset ?? -Int32(16 * (tags.count + 1))
            data += bigEndian(trailerTag ?? region) + bigEndian(7) + bigEndian(UInt32(bitPattern: offset))
            data += bigEndian(16)
        }
        for tag in outside { append(tag) }
        let count = (first.count + index.count) / 16
        return [0x8E, 0xAD, 0xE8, 1, 0, 0, 0, 0] + bigEndian(UInt32(count)) + bigEndian(UInt32(data.count)) + first
            + index + data
    }
}

/// A package to build, right or wrong.
struct TestPackage {
    var leadName = "hello-1.0-1"
    var leadMajor: UInt8 = 3
    var leadType: UInt8 = 0
    var signatureType: UInt8 = 5
    var signatures = TestHeader(
        region: 62, tags: [.string(273, String(repeating: "0", count: 64)), .binary(1008, [0, 0, 0, 0])])
    var paddingByte: UInt8 = 0
    var header = TestHeader(
        region: 63,
        tags: [
            .string(1000, "hello"), .string(1001, "1.0"), .string(1002, "1"), .int32(1006, 1_700_000_000),
            .string(1014, "MIT"), .string(1021, "linux"), .string(1022, "noarch"), .string(1044, "hello-1.0-1.src.rpm"),
            .string(1124, "cpio"), .string(1125, "gzip"), .strings(5092, [String(repeating: "a", count: 64)]),
            .int32(5093, 8),
        ])
    var payload: [UInt8] = Array("payload".utf8)

    func encoded() -> [UInt8] {
        let name = Array(leadName.utf8.prefix(65))
        var bytes: [UInt8] = [0xED, 0xAB, 0xEE, 0xDB, leadMajor, 0, 0, leadType, 0, 1] + name
        bytes += [UInt8](repeating: 0, count: 66 - name.count) + [0, 1, 0, signatureType]
        bytes += [UInt8](repeating: 0, count: 16)
        bytes += signatures.encoded()
        while bytes.count % 8 != 0 { bytes.append(paddingByte) }
        return bytes + header.encoded() + payload
    }

    func read() throws -> RPMFile { try RPMFile(ByteArraySource(encoded())) }

    /// Changes a copy.
    func with(_ change: (inout TestPackage) -> Void) -> TestPackage {
        var copy = self
        change(&copy)
        return copy
    }

    /// A copy with one more signature tag, in its place by number.
    func adding(_ tag: TestTag) -> TestPackage {
        with { package in
            package.signatures.tags.append(tag)
            package.signatures.tags.sort { $0.tag < $1.tag }
        }
    }
}

/// The committed packages.
enum Vectors {
    static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Vectors/RPM").standardizedFileURL.path

    static let packages = [
        "v4-rsa4096-rpm-basic-2.3.4-5.el9.noarch.rpm", "v6-ed25519-rpm-basic-2.3.4-5.el9.noarch.rpm",
        "v6-unsigned-rpm-basic-2.3.4-5.el9.noarch.rpm", "rpm-basic-2.3.4-5.el9.src.rpm",
        "rocky-basesystem-11-13.el9.noarch.rpm", "testpkg-1.signed.rpm", "v4-legacy-signed.rpm",
        "payload-test-0.1-w6.xzdio.x86_64.rpm", "test-1.0.0.x86_64.rpm",
    ]

    static func path(_ name: String) -> String { directory + "/" + name }

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
    }

    static func read(_ name: String) throws -> RPMFile { try RPMFile(ByteArraySource(try bytes(name))) }
}

/// The code of the error that `body` throws.
func code(_ body: () throws -> Void) -> RPMError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? RPMError)?.code
    }
}
