import AssayBytes
public import AssayFileSystem
public import AssayTrustStore

/// Where a system keeps the sources of its trust store.
public enum TrustLayout: String, Hashable, Sendable, CaseIterable {
    /// `/etc/pki/ca-trust/source` and `/usr/share/pki/ca-trust-source`, as update-ca-trust reads them.
    case caTrust = "ca-trust"
    /// `/etc/ca-certificates.conf` with the folders that Debian's update-ca-certificates reads.
    case debian
}

/// The sources of a subject's trust store, as they lie there.
public struct TrustSourceReading: Hashable, Sendable {
    /// The layout; nil when the subject has none.
    public var layout: TrustLayout?
    /// The sources that could be read, in load order.
    public var sources: [TrustSource] = []
    /// What could not be read: with one of these the store is not to be written.
    public var faults: [SourceFault] = []
    /// Those of the faults that say nothing about the file but that it could not be read.
    public var unreadable: Set<SourceFault> = []
    /// What lies beside the sources and is none.
    public var ignored: [SourceFault] = []
    /// SHA-256 of each source by its path, 64 lower-case hexadecimal digits.
    public var digests: [String: String] = [:]

    init(layout: TrustLayout?) { self.layout = layout }
}

/// Reads the files that a trust store is made from.
public enum TrustSourceFiles {
    /// Where update-ca-trust, and so assay, writes the store.
    public static let extractedStore: TreePath = "/etc/pki/ca-trust/extracted"
    /// The trust paths of the layout `caTrust`, the strongest first.
    public static let trustPaths: [TreePath] = ["/etc/pki/ca-trust/source", "/usr/share/pki/ca-trust-source"]
    /// Debian's list of the certificates that the administrator wants.
    static let debianList: TreePath = "/etc/ca-certificates.conf"
    /// Where the names of that list lie.
    static let debianShared: TreePath = "/usr/share/ca-certificates"
    /// The administrator's own certificates.
    static let debianLocal: TreePath = "/usr/local/share/ca-certificates"

    /// Why a file of documentation is ignored: no warning needs to be given for it.
    public static let documentation = "documentation"
    /// What begins the reason of a certificate that Debian's list deselects: somebody wanted that.
    public static let deselected = "deselected in "
    /// The most bytes of a file, and of all files.
    public static let fileSizeLimit = 16 << 20
    static let totalSizeLimit = 512 << 20
    /// The most files.
    public static let fileLimit = 100_000

    /// Reads every source of the subject below `root`.
    ///
    /// - Parameters:
    ///   - root: the root of the subject; links are followed inside it only.
    ///   - layout: which layout to read; nil recognises it.
    /// - Returns: what was read. Whatever is wrong with a file is a value in it, never left out.
    /// - Throws: `FileSystemError` when `root` itself cannot be listed.
    public static func read(root: RootedDirectory, layout: TrustLayout? = nil) throws -> TrustSourceReading {
        _ = try root.entries(.root)
        guard let layout = layout ?? detect(root) else {
            var reading = TrustSourceReading(layout: nil)
            reading.faults = [
                SourceFault(
                    path: "/", line: nil,
                    reason:
                        "no sources of a trust store: neither \(trustPaths[0]) nor \(trustPaths[1]) nor \(debianList)")
            ]
            return reading
        }
        var reader = SourceReader(root, layout)
        switch layout {
        case .caTrust:
            for (token, path) in trustPaths.enumerated() { reader.readTrustPath(path, token: token) }
        case .debian:
            reader.readTree(debianLocal, token: 0)
            reader.readList(debianList, below: debianShared, token: 1)
        }
        return reader.reading
    }

    /// A folder that cannot be looked at counts as there: reading it then says why.
    private static func detect(_ root: RootedDirectory) -> TrustLayout? {
        func exists(_ path: TreePath) -> Bool {
            do {
                _ = try root.linkStatus(path)
                return true
            } catch {
                return (error as? FileSystemError)?.code != .notFound
            }
        }
        if trustPaths.contains(where: exists) { return .caTrust }
        return [debianList, debianShared, debianLocal].contains(where: exists) ? .debian : nil
    }

    /// Why a name is no source whatever it holds; nil when it may be one.
    static func reasonToIgnore(_ name: [UInt8]) -> String? {
        if name.first == UInt8(ascii: ".") { return "a hidden file" }
        if name.starts(with: Array("README".utf8)) { return documentation }
        let text = String(decoding: name, as: UTF8.self)
        let endings = ["~", ".bak", ".swp", ".rpmsave", ".rpmnew", ".rpmorig"]
        if endings.contains(where: text.hasSuffix) { return "a backup or temporary file" }
        // dpkg-dist, dpkg-old, dpkg-new, dpkg-tmp, dpkg-bak, dpkg-remove: what follows the last dot.
        if let dot = text.lastIndex(of: "."), text[dot...].hasPrefix(".dpkg-") { return "a backup or temporary file" }
        return nil
    }
}
