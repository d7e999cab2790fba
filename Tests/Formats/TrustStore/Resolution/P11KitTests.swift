import AssayTestSupport
import Foundation
import Testing

@testable import AssayTrustStore

/// Where our outputs and p11-kit's differ, and why.
private enum NamedDifference: String, CaseIterable {
    /// p11-kit's OpenSSL bundle hears a distrust only where the certificate is first mentioned; everybody must hear it.
    case distrustEverywhere
    /// p11-kit's OpenSSL bundle describes the first mention of a certificate, its PEM bundles the first that anchors it;
    /// one store has one answer.
    case firstMention
    /// A label that would break a bundle, or make another certificate of it, is written as one line of text.
    case harmlessLabel
    /// p11-kit hears the first usage that is attached to a key in a trust path; what several lines say adds up.
    case usagesAddUp
    /// p11-kit's PEM bundles do not know rejected purposes, and its OpenSSL bundle those of one line only.
    case rejectionEverywhere
    /// Lines contradict each other whether a key is an authority's: then it is not; p11-kit hears the first.
    case contradictingConstraints
    /// Where the strongest trust path that anchors a certificate makes it no authority, a weaker one does not either.
    case authorityByStrongestPath
    /// p11-kit's OpenSSL bundle has anchors that are no authorities, which its other outputs do not have.
    case authoritiesOnly
    /// A label is clean, and the first that any source gives.
    case cleanLabel
}

/// What p11-kit makes of a store.
private struct Extraction: Sendable {
    var bundles: [StoreOutput: [UInt8]] = [:]
    var sources: [TrustSource] = []
}

private let outputs: [(name: String, output: StoreOutput)] = [
    ("server-auth", .tlsBundle), ("email", .emailBundle), ("code-signing", .objectSigningBundle),
    ("openssl", .opensslBundle),
]
private let pemOutputs: [StoreOutput] = [.tlsBundle, .emailBundle, .objectSigningBundle]

@Suite(.enabled(if: isAvailable("trust") && isAvailable("openssl")))
struct P11KitTests {
    private static let stores = 100

    /// p11-kit reads its configuration from a user's folder, but not from root's.
    private static let asUser = #"""
        chmod -R a+rwX . && [ "$(id -u)" = 0 ] && user='setpriv --reuid=65534 --regid=65534 --clear-groups'
        exec $user sh -ec "$1"
        """#

    private static let script = #"""
        umask 022; mkdir out
        for store in [0-9]*; do
            mkdir -p $store/token0/anchors $store/token0/blocklist $store/token1/anchors $store/token1/blocklist \
                $store/config/pkcs11/modules
            echo 'user-config: only' > $store/config/pkcs11/pkcs11.conf
            printf 'module: p11-kit-trust.so\ntrust-policy: yes\nx-init-reserved: paths=%s:%s\n' \
                "$PWD/$store/token0" "$PWD/$store/token1" > $store/config/pkcs11/modules/trust.module
            export XDG_CONFIG_HOME="$PWD/$store/config"
            for purpose in server-auth email code-signing; do
                trust extract --comment --format=pem-bundle --filter=ca-anchors --purpose=$purpose out/$store.$purpose
            done
            trust extract --comment --format=openssl-bundle --filter=certificates out/$store.openssl
        done 2> out/messages
        # Version 0.24 reads a folder as it lies on the disk.
        for folder in */token?/ */token?/anchors/ */token?/blocklist/; do
            ls -U -a $folder | sed "s,^,$folder,"
        done > out/order
        """#

    private static func extractions(_ generated: [GeneratedStore]) throws -> [Extraction] {
        let scratch = ScratchDirectory()
        for (number, store) in generated.enumerated() {
            for file in store.files { try scratch.write("\(number)/\(file.folder)/\(file.name)", file.bytes) }
        }
        let result = shell(asUser, in: scratch.path, arguments: [script])
        try #require(result.status == 0, "\(result.errorText)")
        func read(_ name: String) throws -> [UInt8] {
            Array(try Data(contentsOf: URL(fileURLWithPath: "\(scratch.path)/out/\(name)")))
        }
        let order = String(decoding: try read("order"), as: UTF8.self).split(separator: "\n")
        let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { (String($1), $0) })
        return try generated.enumerated().map { number, store in
            var extraction = Extraction()
            for (name, output) in outputs { extraction.bundles[output] = try read("\(number).\(name)") }
            extraction.sources = try store.files.map { file in
                let place = try #require(places["\(number)/\(file.folder)/\(file.name)"])
                return TrustSource(
                    path: String(1_000_000 + place), token: file.token, role: file.role, format: file.format,
                    objects: file.objects)
            }
            return extraction
        }
    }

    /// Certificates with the keys and extensions of daily life: DER, and a block with auxiliary data.
    private static let madeByOpenSSL = Result {
        let scratch = ScratchDirectory()
        let result = shell(
            #"""
            set -e
            make() {
                openssl req -x509 -nodes -keyout key -days 30 -out $1 -newkey $2 -subj "$3" -addext "$4" -addext "$5"
                openssl x509 -in $1 -addtrust serverAuth -addtrust emailProtection -addreject codeSigning \
                    -setalias 'An alias' -trustout -out $1.trusted
                openssl x509 -in $1 -outform DER -out $1.der
            }
            make rsa rsa:2048 '/C=DE/O=Company/CN=RSA' basicConstraints=critical,CA:TRUE,pathlen:1 keyUsage=keyCertSign
            make ec 'ec -pkeyopt ec_paramgen_curve:P-256' '/O=Company/OU=Unit' basicConstraints=CA:TRUE \
                extendedKeyUsage=serverAuth,emailProtection
            make leaf rsa:1024 '/CN=host.example' basicConstraints=critical,CA:FALSE subjectAltName=DNS:host.example
            """#, in: scratch.path)
        try #require(result.status == 0, "\(result.errorText)")
        return try ["rsa", "ec", "leaf"].map { name in
            let files = try ["der", "trusted"].map {
                Array(try Data(contentsOf: URL(fileURLWithPath: "\(scratch.path)/\(name).\($0)")))
            }
            return (der: files[0], trusted: files[1])
        }
    }

    @Test func `auxiliary data in generated stores are as OpenSSL writes them`() throws {
        for made in try P11KitTests.madeByOpenSSL.get() {
            let auxiliary = GeneratedStore.auxiliary(
                [.serverAuth, .emailProtection], [.codeSigning], alias: "An alias")
            #expect(GeneratedStore.pem("TRUSTED CERTIFICATE", made.der + auxiliary) == made.trusted)
        }
    }

    private static let all = Result {
        var numbers = SeededNumbers(state: 5)
        let made = try madeByOpenSSL.get().map { CertificateFixture(der: $0.der) }
        return try extractions((0..<stores).map { _ in try GeneratedStore(&numbers, made: made) })
    }

    private static func certificates(_ bytes: [UInt8]?, of output: StoreOutput) -> [ExtractedCertificate] {
        ExtractedCertificate.bundle(bytes ?? [], type: output == .opensslBundle ? "TRUSTED CERTIFICATE" : "CERTIFICATE")
    }

    private static func written(_ store: TrustStore, _ output: StoreOutput) throws -> [UInt8] {
        guard case .bytes(let bytes)? = store.files(output, options: OutputOptions(time: 0)).first?.content else {
            return []
        }
        return bytes
    }

    /// Whether p11-kit writes it as it is and a reader of the bundle stumbles.
    private static func isHarmful(_ label: [UInt8]) -> Bool {
        label.contains(0x0A) || label.firstRange(of: Array("-----".utf8)) != nil
    }

    @Test func `p11-kit's PEM bundles are the same to the byte, but for labels that do harm`() throws {
        var same = 0
        var harmless = 0
        for extraction in try P11KitTests.all.get() {
            let store = TrustStore.resolve(extraction.sources, rules: .p11Kit)
            for output in pemOutputs {
                let ours = try P11KitTests.written(store, output)
                let theirs = try #require(extraction.bundles[output])
                if ours == theirs {
                    same += ours.isEmpty ? 0 : 1
                    continue
                }
                let expected = P11KitTests.certificates(theirs, of: output)
                let found = P11KitTests.certificates(ours, of: output)
                #expect(expected.map(\.der) == found.map(\.der))
                for (their, our) in zip(expected, found) where their != our {
                    #expect(P11KitTests.isHarmful(their.label) && !P11KitTests.isHarmful(our.label), "\(their)")
                    harmless += 1
                }
            }
        }
        #expect(same > P11KitTests.stores)
        #expect(harmless > 10)
    }

    @Test func `p11-kit's OpenSSL bundle has the same certificates, trust and order, but for named differences`() throws
    {
        var seen: [NamedDifference: Int] = [:]
        var same = 0
        for extraction in try P11KitTests.all.get() {
            let store = TrustStore.resolve(extraction.sources, rules: .p11Kit)
            let mentions = Mentions(extraction.sources)
            let ours = P11KitTests.certificates(try P11KitTests.written(store, .opensslBundle), of: .opensslBundle)
            let theirs = P11KitTests.certificates(extraction.bundles[.opensslBundle], of: .opensslBundle)
            let stays = { (found: ExtractedCertificate) in !mentions.isAnchoredBehindFirst(found.der) }
            #expect(ours.filter(stays).map(\.der) == theirs.filter(stays).map(\.der))
            #expect(Set(ours.map(\.der)) == Set(theirs.map(\.der)))
            for their in theirs {
                var our = try #require(ours.first { $0.der == their.der })
                let entry = try #require(store.entries.first { $0.certificate.der == their.der })
                if P11KitTests.isHarmful(their.label) {
                    seen[.harmlessLabel, default: 0] += 1
                    our.label = their.label
                }
                if our == their {
                    same += 1
                } else if entry.standing == .distrusted {
                    #expect(mentions.first(their.der) != .distrusted)
                    seen[.distrustEverywhere, default: 0] += 1
                } else {
                    #expect(mentions.isAnchoredBehindFirst(their.der), "\(their) but \(our)")
                    seen[.firstMention, default: 0] += 1
                }
            }
        }
        #expect(same > P11KitTests.stores)
        #expect(Set(seen.keys) == [.distrustEverywhere, .firstMention, .harmlessLabel])
    }

    @Test func `our rules trust what p11-kit trusts, but for named differences`() throws {
        var seen: [NamedDifference: Int] = [:]
        var same = 0
        for extraction in try P11KitTests.all.get() {
            let store = TrustStore.resolve(extraction.sources, rules: .assay)
            let mentions = Mentions(extraction.sources)
            for output in pemOutputs {
                let purpose = try #require(output.purpose)
                let theirs = P11KitTests.certificates(extraction.bundles[output], of: output)
                let ours = P11KitTests.certificates(try P11KitTests.written(store, output), of: output)
                for entry in store.entries {
                    let their = theirs.first { $0.der == entry.certificate.der }
                    let our = ours.first { $0.der == entry.certificate.der }
                    let difference = P11KitTests.difference(
                        entry, purpose, mentions, ours: our != nil, theirs: their != nil, isBundle: false)
                    if let difference {
                        seen[difference, default: 0] += 1
                    } else if our != nil {
                        same += 1
                        let label = try #require(our).label
                        if label != their?.label {
                            #expect(mentions.cleanLabels(entry.certificate).contains(label))
                            seen[.cleanLabel, default: 0] += 1
                        }
                    }
                }
            }
            let theirs = P11KitTests.certificates(extraction.bundles[.opensslBundle], of: .opensslBundle)
            let ours = P11KitTests.certificates(try P11KitTests.written(store, .opensslBundle), of: .opensslBundle)
            #expect(theirs.count == store.entries.count)
            for entry in store.entries {
                let their = theirs.first { $0.der == entry.certificate.der }
                let our = ours.first { $0.der == entry.certificate.der }
                for purpose in pemOutputs.compactMap(\.purpose) {
                    let difference = P11KitTests.difference(
                        entry, purpose, mentions, ours: our?.isTrusted(for: purpose) ?? false,
                        theirs: their?.isTrusted(for: purpose) ?? false, isBundle: true)
                    if let difference { seen[difference, default: 0] += 1 } else { same += 1 }
                }
            }
        }
        #expect(same > 5 * P11KitTests.stores)
        #expect(Set(NamedDifference.allCases).subtracting(seen.keys) == [.harmlessLabel])
    }

    /// The name of the difference between two answers, which the sources must bear out; nil when there is none.
    private static func difference(
        _ entry: TrustEntry, _ purpose: Purpose, _ mentions: Mentions, ours: Bool, theirs: Bool, isBundle: Bool
    ) -> NamedDifference? {
        guard ours != theirs else { return nil }
        let der = entry.certificate.der
        let anchoring = mentions.anchoring(der)
        let key = entry.certificate.publicKeyInfo
        switch entry.decision(for: purpose).rule {
        case .attachedUsage
        where ours && mentions.values(AttachedExtension.extendedKeyUsage, key, anchoring.min()).count > 1:
            return .usagesAddUp
        case .purposeRejected where theirs && !mentions.values(AttachedExtension.rejectedUsage, key, nil).isEmpty:
            return .rejectionEverywhere
        case .notAuthority where theirs:
            let constraints = mentions.values(AttachedExtension.basicConstraints, key, anchoring.min())
            if constraints.count > 1 { return .contradictingConstraints }
            if !isBundle, anchoring.count > 1 { return .authorityByStrongestPath }
            if isBundle { return .authoritiesOnly }
        case .distrustedCertificate, .distrustedKey, .distrustedName:
            if theirs, isBundle, mentions.first(der) != .distrusted { return .distrustEverywhere }
        default: break
        }
        if isBundle, mentions.isAnchoredBehindFirst(der) { return .firstMention }
        Issue.record("\(entry.decision(for: purpose)): ours \(ours), theirs \(theirs)")
        return nil
    }
}

/// What the sources of a store say about a certificate, word by word.
private struct Mentions {
    private let sources: [TrustSource]

    init(_ sources: [TrustSource]) {
        let roles: [SourceRole] = [.main, .anchors, .blocklist]
        self.sources = sources.sorted { left, right in
            let places = [left, right].map { ($0.token, roles.firstIndex(of: $0.role) ?? 0, $0.path) }
            return places[0] < places[1]
        }
    }

    private func standings(_ der: [UInt8]) -> [(standing: Standing, token: Int)] {
        sources.flatMap { source in
            source.objects.compactMap { object in
                guard case .certificate(let object) = object, object.certificate.der == der else { return nil }
                let standing: Standing =
                    switch source.role {
                    case .blocklist: .distrusted
                    case .anchors where object.standing != .distrusted: .anchor
                    default: object.standing
                    }
                return (standing, source.token)
            }
        }
    }

    /// What the certificate is where it is first mentioned.
    func first(_ der: [UInt8]) -> Standing? { standings(der).first?.standing }

    /// Whether a mention after the first makes the certificate an anchor, and the first does not or is in another trust path.
    func isAnchoredBehindFirst(_ der: [UInt8]) -> Bool {
        let standings = standings(der)
        guard let first = standings.first else { return false }
        return standings.contains { $0.standing == .anchor && (first.standing != .anchor || first.token != $0.token) }
    }

    /// The trust paths in which the certificate is an anchor.
    func anchoring(_ der: [UInt8]) -> Set<Int> { Set(standings(der).filter { $0.standing == .anchor }.map(\.token)) }

    /// The values of an extension that are attached to a key in a trust path, or in all.
    func values(_ identifier: String, _ publicKeyInfo: [UInt8], _ token: Int?) -> [[UInt8]] {
        sources.filter { token == nil || $0.token == token }.flatMap(\.objects).compactMap { object in
            guard case .attachedExtension(let attached) = object, attached.identifier == identifier,
                attached.publicKeyInfo == publicKeyInfo
            else { return nil }
            return attached.value
        }
    }

    /// The labels that a certificate may have.
    func cleanLabels(_ certificate: TrustCertificate) -> Set<[UInt8]> {
        let given = sources.flatMap(\.objects).compactMap { object -> [UInt8]? in
            guard case .certificate(let object) = object, object.certificate == certificate else { return nil }
            return object.label
        }
        let clean = given.compactMap { CleanLabel($0)?.bytes }
        let subject = SubjectLabel.first(certificate.subject)?.bytes ?? Array("certificate".utf8)
        // What looks like a block is written otherwise by the outputs.
        return Set(
            (clean + [subject]).map {
                Array(String(decoding: $0, as: UTF8.self).replacing("-----", with: #"----\x2d"#).utf8)
            })
    }
}
