import AssayRootHashSignature
import AssayTestSupport
import Testing

@Suite(.enabled(if: isAvailable("openssl")))
struct HostileBytesTests {
    private let fixture = OpenSSLFixture.shared

    private func isVerified(_ der: [UInt8], _ certificate: SignerCertificate, _ rootHash: RootHash) -> Bool {
        guard let signature = try? RootHashSignature(der: der) else { return false }
        return signature.verify(rootHash: rootHash, certificates: [certificate], validity: .noted(at: 0)).verified
            != nil
    }

    @Test(arguments: [("rsa2048", "smime", ""), ("p256", "cms", ""), ("p256", "cms", "-keyid")])
    func `no truncated signature and none with a flipped bit verifies`(
        key: String, program: String, option: String
    ) throws {
        let der = try fixture.sign(key, program, options: "-nocerts -noattr -outform der -md sha256 " + option)
        let certificate = try fixture.certificate(key)
        let rootHash = try fixture.rootHash()
        #expect(isVerified(der, certificate, rootHash))
        for count in 0..<der.count {
            #expect(code { _ = try RootHashSignature(der: Array(der.prefix(count))) } != nil)
        }
        for bit in 0..<(der.count * 8) {
            var damaged = der
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            if isVerified(damaged, certificate, rootHash) { Issue.record("bit \(bit) flipped, and it verifies") }
        }
    }

    @Test
    func `a flipped bit in a certificate never crashes`() throws {
        let der = try fixture.certificate("p256").der
        // Every third bit: the library is slow in a debug build.
        for bit in stride(from: 0, to: der.count * 8, by: 3) {
            var damaged = der
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            _ = try? SignerCertificate.certificates(in: damaged)
        }
        for count in 0..<der.count {
            #expect(code { _ = try SignerCertificate(der: Array(der.prefix(count))) } == .certificateMalformed)
        }
    }

    @Test
    func `random changes never crash and never verify`() throws {
        var random = SeededNumbers(state: 20_260_301)
        let certificates = try ["p256", "rsa2048"].map { try fixture.certificate($0) }
        let seeds = try [
            fixture.sign("p256"), fixture.sign("rsa2048"),
            fixture.sign("p256", "cms", options: "-noattr -outform der"),
            fixture.sign("p256", "cms", options: "-outform der"),
        ]
        let rootHash = try RootHash(bytes: [UInt8](repeating: 7, count: 32))
        for _ in 0..<2000 {
            var bytes = seeds[Int(random.next() % UInt64(seeds.count))]
            for _ in 0...(random.next() % 4) {
                guard !bytes.isEmpty else { break }
                let index = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 5 {
                case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: index)
                case 3: bytes[index] = [0, 0x7F, 0x80, 0x81, 0x84, 0xFF, 0x30, 0xA0][Int(random.next() % 8)]
                default: bytes.append(contentsOf: bytes[..<min(index, 64)])
                }
            }
            if let signature = try? RootHashSignature(der: bytes) {
                let verdict = signature.verify(rootHash: rootHash, certificates: certificates, validity: .noted(at: 0))
                #expect(verdict.verified == nil)
            }
            _ = try? RootHashSignature.attach(
                bytes, to: rootHash, certificates: Array(certificates.prefix(1)), validity: .noted(at: 0))
            _ = try? SignerCertificate.certificates(in: bytes)
        }
    }
}
