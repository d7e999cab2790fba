import AssayFileSystem
import AssayTrustStore

/// The certificates that a store on disk trusts, by purpose.
struct PublishedStore {
    /// The outputs that are compared.
    static let outputs: [StoreOutput] = [.tlsBundle, .emailBundle, .objectSigningBundle]

    /// The certificates of each output, DER; none for one that is missing.
    private(set) var certificates: [StoreOutput: [[UInt8]]] = [:]
    /// Outputs that are there and cannot be read, with the reason.
    private(set) var unreadable: [(output: StoreOutput, reason: String)] = []
    /// Whether any of them is there.
    var isThere: Bool { !certificates.isEmpty || !unreadable.isEmpty }

    /// Reads the store in `folder`, whoever made it; a file that is as in `build` has the same certificates.
    init(_ root: RootedDirectory, _ folder: TreePath, comparedWith build: StoreBuild? = nil) {
        for output in PublishedStore.outputs {
            let path = TreePath(names: folder.names + TreePath(output.path).names)
            do {
                let bytes = try root.read(path, limit: 256 << 20)
                if let build, build.files.first(where: { $0.path == output.path })?.content == .bytes(bytes) {
                    certificates[output] = build.store.entries(in: output).map(\.certificate.der)
                } else {
                    certificates[output] = try TrustStore.read(bytes, as: output).map(\.der)
                }
            } catch let error as FileSystemError where error.code == .notFound {
                continue
            } catch {
                let reason = (error as? FileSystemError)?.reason ?? "\(error)"
                unreadable.append((output, "\(path): \(reason)"))
            }
        }
    }
}
