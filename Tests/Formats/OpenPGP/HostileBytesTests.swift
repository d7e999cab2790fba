import AssayOpenPGP
import AssayTestSupport
import Testing

struct HostileBytesTests {
    private let document = Array("the document\n".utf8)
    private let now: Int64 = 10_000

    /// Reads `bytes` as everything there is and judges a signature with what comes out.
    private func readAsEverything(_ bytes: [UInt8], _ certificates: [OpenPGPCertificate]) -> [SignatureVerdict] {
        _ = try? ArmorBlock.blocks(in: bytes)
        let keyring = try? OpenPGPKeyring(bytes)
        for certificate in keyring?.certificates ?? [] { _ = certificate.status(at: now) }
        let message = try? CleartextMessage.parse(bytes)
        let signatures = ((try? OpenPGPSignature.parse(bytes)) ?? []) + (message?.signatures ?? [])
        let hashed = SignatureHasher.hash(document, for: signatures)
        return signatures.map {
            $0.verify(hashed, certificates: certificates + (keyring?.certificates ?? []), at: now)
        }
    }

    @Test(arguments: [4, 6])
    func `no truncated signature is read, and none with a flipped bit verifies otherwise`(version: Int) throws {
        let key = TestKey.ed25519(version: version)
        let certificates = try OpenPGPCertificate.parse(try key.certificate())
        let signature = try key.sign(document, hashed: Build.created(2000), unhashed: Build.issuer(key))
        let genuine = try verdict(signature, document, certificates, at: now)
        #expect(genuine.isGood)
        for count in 0..<signature.count {
            #expect(code { _ = try OpenPGPSignature.parse(Array(signature.prefix(count))) } != nil)
        }
        // The packet header and the unhashed area are not signed: what they say may change, but nothing that counts.
        let width = version == 6 ? 4 : 2
        let hashedEnd = 6 + 4 + width + 6
        let unhashed = hashedEnd..<(hashedEnd + width + Build.issuer(key).count)
        for bit in 0..<(signature.count * 8) {
            var damaged = signature
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            for verdict in readAsEverything(damaged, certificates) where verdict.check == .valid {
                #expect(bit / 8 < 6 || unhashed.contains(bit / 8), "bit \(bit) flipped, and it verifies")
                #expect(verdict.signature.creationTime == genuine.signature.creationTime)
                #expect(verdict.signingFingerprint == genuine.signingFingerprint)
            }
        }
    }

    @Test(arguments: [4, 6])
    func `a flipped bit in a certificate gives it no rights`(version: Int) throws {
        let key = TestKey.ed25519(version: version)
        let subkey = TestKey.ed25519(version: version)
        let file = try key.certificate(Build.created(1000) + Build.flags(1)) + key.subkey(subkey, back: subkey)
        let certificate = try #require(try OpenPGPCertificate.parse(file).first)
        #expect(!certificate.status(at: now).primaryKey.canSign)
        #expect(certificate.status(at: now).subkeys.map(\.canSign) == [true])
        // Every eleventh bit, which is every place in a byte: signatures are slow in a debug build.
        for bit in stride(from: 0, to: file.count * 8, by: 11) {
            var damaged = file
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            for read in (try? OpenPGPKeyring(damaged))?.certificates ?? [] {
                let status = read.status(at: now)
                #expect(!status.primaryKey.canSign || !status.primaryKey.isBound)
                for sub in status.subkeys where sub.isBound {
                    #expect(sub.key.fingerprint.bytes == subkey.fingerprint)
                    #expect(sub.keyFlags == .sign)
                }
            }
        }
        for count in 0..<file.count { _ = try? OpenPGPKeyring(Array(file.prefix(count))) }
    }

    @Test
    func `every truncation of the armored samples is refused or reads as a part`() throws {
        for sample in [RFCSamples.version6Certificate, RFCSamples.version4Signature, RFCSamples.cleartext] {
            let bytes = Array(sample.utf8)
            for count in 0..<(bytes.count - 8) {
                let part = Array(bytes.prefix(count))
                #expect(readAsEverything(part, []).isEmpty)
                #expect((try? OpenPGPKeyring(part)) == nil)
            }
        }
    }

    @Test
    func `random changes never crash and never verify`() throws {
        var random = SeededNumbers(state: 20_261_123)
        let key = TestKey.ed25519()
        let other = TestKey.ed25519(version: 6)
        let certificates = try OpenPGPCertificate.parse(try key.certificate())
        // The seeds are signatures of other documents: whatever verifies over this one is forged.
        let seeds: [[UInt8]] = try [
            key.sign([1]), key.sign([2], type: 1, hash: 10), other.sign([3]),
            key.certificate() + key.subkey(TestKey.ed25519(), back: nil), other.certificate(),
            Array(RFCSamples.cleartext.utf8), Array(RFCSamples.version6Certificate.utf8),
            try vector("MICROSOFT-RPM-GPG-KEY"), try vector("rpm-testkey-v4-ecdsa-nistp256.asc"),
        ]
        let interesting: [UInt8] = [0, 1, 4, 6, 0x2D, 0x3D, 0x0A, 0x7F, 0x80, 0xC0, 0xE0, 0xFE, 0xFF]
        for _ in 0..<3000 {
            var bytes = seeds[Int(random.next() % UInt64(seeds.count))]
            for _ in 0...(random.next() % 4) {
                guard !bytes.isEmpty else { break }
                let index = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 6 {
                case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(interesting[Int(random.next() % UInt64(interesting.count))], at: index)
                case 3: bytes[index] = interesting[Int(random.next() % UInt64(interesting.count))]
                case 4: bytes.removeSubrange(index..<min(index + 16, bytes.count))
                default: bytes += seeds[Int(random.next() % UInt64(seeds.count))].prefix(index)
                }
            }
            for verdict in readAsEverything(bytes, certificates) { #expect(verdict.check != .valid) }
        }
    }
}
