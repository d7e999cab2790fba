import AssayBytes
import AssayFileSystem
import AssayOpenPGP
import AssayPackageSources

/// Collects the certificates that apt trusts below a root directory (apt-secure(8), sources.list(5)).
struct AptKeyCollection {
    /// The most bytes of a file of keys or sources; Debian's keyrings have less than 100,000.
    static let maximumFile = 16 << 20
    /// The most files of a folder that are read.
    static let maximumFiles = 10_000

    private let root: RootedDirectory
    private var keys: [PinnedKey] = []
    /// What could not be read.
    private(set) var problems: [String] = []

    init(_ root: RootedDirectory) { self.root = root }

    /// The certificates, each with everything that any copy of it holds: one copy alone may lack a revocation.
    var merged: [PinnedKey] {
        let copies = Dictionary(grouping: keys, by: \.certificate.fingerprint)
        return keys.map { key in
            var key = key
            let all = (copies[key.certificate.fingerprint] ?? []).map(\.certificate)
            key.certificate = OpenPGPCertificate.merged(all) ?? key.certificate
            return key
        }
    }

    /// Reads everything.
    mutating func collect() {
        readKeys("/etc/apt/trusted.gpg", isRequired: false)
        for path in files("/etc/apt/trusted.gpg.d", [".gpg", ".asc"]) { readKeys(path, isRequired: true) }
        var sources: [AptSource] = []
        for path in ["/etc/apt/sources.list"] + files("/etc/apt/sources.list.d", [".list", ".sources"]) {
            guard let bytes = read(path, limit: Self.maximumFile, isRequired: path != "/etc/apt/sources.list") else {
                continue
            }
            let parsed = AptSources(bytes, path: path.description)
            sources += parsed.sources.filter(\.isEnabled)
            problems += parsed.diagnostics.map { "\($0.position): \($0.reason)" }
        }
        var seen: Set<AptSource.SignedBy> = []
        for source in sources where seen.insert(source.signedBy).inserted {
            switch source.signedBy {
            case .anyTrustedKey: break
            case .keys(let files, let fingerprints):
                for file in files { readKeys(TreePath(file), isRequired: true, only: fingerprints) }
            case .embedded(let text): add(Array(text.utf8), source.position.description)
            }
        }
    }

    /// The files of a folder that apt reads, by their extension.
    private mutating func files(_ folder: TreePath, _ extensions: [String]) -> [TreePath] {
        do {
            let entries = try root.entries(folder, limit: Self.maximumFiles)
            return entries.filter { entry in
                entry.name.first != 0x2E
                    && extensions.contains { entry.name.suffix($0.utf8.count).elementsEqual($0.utf8) }
            }.map { folder.appending($0.name) }
        } catch let error as FileSystemError where error.code == .notFound {
            return []
        } catch {
            problems.append("\(error)")
            return []
        }
    }

    private mutating func read(_ path: TreePath, limit: Int, isRequired: Bool) -> [UInt8]? {
        do {
            return try root.read(path, limit: limit)
        } catch let error as FileSystemError where error.code == .notFound && !isRequired {
            return nil
        } catch {
            problems.append("\(error)")
            return nil
        }
    }

    private mutating func readKeys(_ path: TreePath, isRequired: Bool, only fingerprints: [String] = []) {
        guard let bytes = read(path, limit: Self.maximumFile, isRequired: isRequired) else { return }
        // apt makes an empty trusted.gpg.
        guard !bytes.isEmpty || !fingerprints.isEmpty || isRequired else { return }
        add(bytes, path.description, only: fingerprints)
    }

    private mutating func add(_ bytes: [UInt8], _ name: String, only fingerprints: [String] = []) {
        do {
            let keyring = try OpenPGPKeyring(bytes)
            problems += keyring.refused.map { "'\(name)': \($0)" }
            // `!` behind a fingerprint asks for that very key; which key signed is told by the facts anyway.
            let accepted = fingerprints.map { $0.lowercased().filter { $0 != "!" } }
            for certificate in keyring.certificates {
                let isAccepted =
                    accepted.isEmpty || certificate.keys.contains { accepted.contains($0.fingerprint.description) }
                guard isAccepted, !keys.contains(where: { $0.origin == name && $0.certificate == certificate }) else {
                    continue
                }
                keys.append(
                    PinnedKey(source: "apt (\(name))", origin: name, certificate: certificate, fileNames: []))
            }
        } catch {
            problems.append("'\(name)': \(error)")
        }
    }
}
