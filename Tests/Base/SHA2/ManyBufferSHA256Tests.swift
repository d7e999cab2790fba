import AssaySHA2
import AssayTestSupport
import Crypto
import Testing

/// A kernel of this processor with a number of lanes.
struct KernelChoice: Sendable, CustomTestStringConvertible {
    let kernel: ManyBufferSHA256.Kernel
    let lanes: Int

    var testDescription: String { "\(kernel), \(lanes) lanes" }

    static let all = ManyBufferSHA256.Kernel.available.flatMap { kernel in
        (1...ManyBufferSHA256.maximumLanes).map { KernelChoice(kernel: kernel, lanes: $0) }
    }
}

/// A message and its digest, published by NIST.
struct KnownAnswer: Sendable, CustomTestStringConvertible {
    let name: String
    let message: [UInt8]
    let digest: String

    var testDescription: String { name }

    /// The examples for SHA-256 of FIPS 180-2, appendix B, and the empty message of SHA256ShortMsg.rsp.
    /// https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values
    static let all: [KnownAnswer] = [
        KnownAnswer(
            name: "empty", message: [], digest: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        KnownAnswer(
            name: "abc", message: Array("abc".utf8),
            digest: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        KnownAnswer(
            name: "56 bytes", message: Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8),
            digest: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
        KnownAnswer(
            name: "a million times a", message: [UInt8](repeating: 0x61, count: 1_000_000),
            digest: "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ]
}

extension SeededNumbers {
    /// A piece of one fixed run of random bytes: much faster in a debug build than new ones.
    mutating func bytes(_ count: Int) -> [UInt8] {
        let start = Int.random(in: 0...Self.pool.count - count, using: &self)
        return Array(Self.pool[start..<start + count])
    }

    private static let pool: [UInt8] = {
        var random = SeededNumbers(state: 1)
        return (0..<64 << 10).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }()
}

/// What lies between the digests of a test.
private let untouched: UInt8 = 0xa5

/// The digests that swift-crypto computes, with `untouched` between them.
private func expectedDigests(
    _ messages: [UInt8], length: Int, stride: Int, count: Int, prefix: [UInt8], suffix: [UInt8], digestStride: Int
) -> [UInt8] {
    var digests = [UInt8](repeating: untouched, count: count * digestStride)
    for index in 0..<count {
        var function = SHA256()
        function.update(data: prefix)
        function.update(data: messages[index * stride..<index * stride + length])
        function.update(data: suffix)
        digests.replaceSubrange(
            index * digestStride..<index * digestStride + ManyBufferSHA256.digestLength,
            with: Array(function.finalize()))
    }
    return digests
}

private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
}

struct ManyBufferSHA256Tests {
    @Test(arguments: KernelChoice.all, KnownAnswer.all)
    func `published digests are computed in every lane`(choice: KernelChoice, answer: KnownAnswer) {
        let function = ManyBufferSHA256(kernel: choice.kernel, lanes: choice.lanes)
        var digests = [UInt8](repeating: 0, count: choice.lanes * 32)
        var span = digests.mutableSpan
        // A stride of zero: every lane reads the same message.
        function.hash(
            answer.message.span, messageLength: answer.message.count, messageStride: 0, count: choice.lanes,
            into: &span)
        for lane in 0..<choice.lanes {
            #expect(hexadecimal(digests[lane * 32..<lane * 32 + 32]) == answer.digest)
        }
    }

    @Test(arguments: KernelChoice.all)
    func `a known message is the same as prefix, block or suffix`(choice: KernelChoice) {
        for answer in KnownAnswer.all where answer.message.count < 100 {
            let expected = Array(SHA256.hash(data: answer.message))
            for cut in 0...answer.message.count {
                for end in cut...answer.message.count {
                    let message = answer.message
                    let function = ManyBufferSHA256(
                        prefix: Array(message[..<cut]), suffix: Array(message[end...]), kernel: choice.kernel,
                        lanes: choice.lanes)
                    var digest = [UInt8](repeating: 0, count: 32)
                    var span = digest.mutableSpan
                    function.hash(
                        Array(message[cut..<end]).span, messageLength: end - cut, messageStride: 0, count: 1,
                        into: &span)
                    #expect(digest == expected)
                }
            }
        }
    }

    @Test(arguments: KernelChoice.all, [0, 1, 55, 56, 63, 64, 65, 119, 120, 512, 4096])
    func `every count, salt and stride agrees with swift-crypto`(choice: KernelChoice, length: Int) {
        var random = SeededNumbers(state: UInt64(length))
        for count in 0...9 {
            for salt in [0, 1, 8, 32, 55, 63, 64, 65, 128, 255, 256] {
                let salted = random.bytes(salt)
                let isPrefix = Bool.random(using: &random)
                let stride = length + (Bool.random(using: &random) ? 0 : 3)
                let digestStride = 32 + Int.random(in: 0...2, using: &random) * 7
                let messages = random.bytes(count * stride)
                let function = ManyBufferSHA256(
                    prefix: isPrefix ? salted : [], suffix: isPrefix ? [] : salted, kernel: choice.kernel,
                    lanes: choice.lanes)
                var digests = [UInt8](repeating: untouched, count: count * digestStride)
                var span = digests.mutableSpan
                function.hash(
                    messages.span, messageLength: length, messageStride: stride, count: count, into: &span,
                    digestStride: digestStride)
                let expected = expectedDigests(
                    messages, length: length, stride: stride, count: count, prefix: function.prefix,
                    suffix: function.suffix, digestStride: digestStride)
                #expect(digests == expected, "\(count) messages, \(salt) bytes of salt")
            }
        }
    }

    @Test(arguments: KernelChoice.all)
    func `random lengths agree with swift-crypto`(choice: KernelChoice) {
        var random = SeededNumbers(state: 0x5a17)
        for _ in 0..<150 {
            let length = Int.random(in: 1...700, using: &random)
            let count = Int.random(in: 0...9, using: &random)
            let prefix = random.bytes(Int.random(in: 0...256, using: &random))
            let suffix = random.bytes(Int.random(in: 0...256, using: &random))
            let messages = random.bytes(count * length)
            let function = ManyBufferSHA256(
                prefix: prefix, suffix: suffix, kernel: choice.kernel, lanes: choice.lanes)
            var digests = [UInt8](repeating: untouched, count: count * 32)
            var span = digests.mutableSpan
            function.hash(messages.span, messageLength: length, into: &span)
            let expected = expectedDigests(
                messages, length: length, stride: length, count: count, prefix: prefix, suffix: suffix,
                digestStride: 32)
            #expect(digests == expected, "\(count) messages of \(length) bytes, \(prefix.count) + \(suffix.count)")
        }
    }

    @Test(arguments: KernelChoice.all)
    func `the largest block of dm-verity agrees with swift-crypto`(choice: KernelChoice) {
        var random = SeededNumbers(state: 524_288)
        let length = 524_288
        let count = choice.lanes + 1
        // Every message begins one byte further, so that most are not aligned.
        let messages =
            [UInt8](repeating: 0x3c, count: 1000) + random.bytes(1000)
            + [UInt8](repeating: 0xc3, count: length)
        let salt = random.bytes(32)
        let function = ManyBufferSHA256(prefix: salt, kernel: choice.kernel, lanes: choice.lanes)
        var digests = [UInt8](repeating: untouched, count: count * 32)
        var span = digests.mutableSpan
        function.hash(messages.span, messageLength: length, messageStride: 1, count: count, into: &span)
        let expected = expectedDigests(
            messages, length: length, stride: 1, count: count, prefix: salt, suffix: [], digestStride: 32)
        #expect(digests == expected)
    }

    @Test func `the portable kernel is always available and the best one is fast`() {
        let available = ManyBufferSHA256.Kernel.available
        #expect(available.first == .portable)
        #expect(available.last == .best)
        #expect(ManyBufferSHA256().kernel == .best)
        #expect(ManyBufferSHA256().lanes == ManyBufferSHA256.Kernel.best.preferredLanes)
    }

    @Test func `a digest that does not fit ends the process`() async {
        await #expect(processExitsWith: .failure) {
            var digests = [UInt8](repeating: 0, count: 63)
            var span = digests.mutableSpan
            ManyBufferSHA256().hash([UInt8](repeating: 0, count: 8).span, messageLength: 4, into: &span)
        }
    }

    @Test func `a message that does not fit ends the process`() async {
        await #expect(processExitsWith: .failure) {
            var digests = [UInt8](repeating: 0, count: 64)
            var span = digests.mutableSpan
            ManyBufferSHA256().hash(
                [UInt8](repeating: 0, count: 8).span, messageLength: 4, messageStride: .max, count: 2, into: &span)
        }
    }
}
