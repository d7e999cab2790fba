import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayFirewall

/// Reads the files of packet filters for their parsers and keeps what could not be read.
struct FirewallFiles {
    /// The most files read of one directory.
    static let fileLimit = 2000

    let reader: SubjectReader
    private(set) var gaps: [Gap] = []

    init(_ reader: SubjectReader) { self.reader = reader }

    /// The file at `path`, named in evidence as it is written.
    mutating func file(_ path: String) -> Reading<SourceFile> {
        let reading = reader.bytes(TreePath(path)).map { SourceFile(path: path, bytes: $0) }
        if case .unreadable(let reason) = reading { miss(path, reason) }
        return reading
    }

    /// The content of a file that a script or a rule file names by an absolute path.
    mutating func lookup(_ path: String) -> [UInt8]? { path.hasPrefix("/") ? file(path).value?.bytes : nil }

    /// The files that an `include` of nft names, sorted; nil when one cannot be read.
    ///
    /// Wildcards match as in glob(3), and need not match anything; directories are passed over. nft looks for a relative
    /// path in `/etc`, and systemd starts it in `/` (nft(8), "Include files").
    mutating func included(_ pattern: String) -> [SourceFile]? {
        let hasPlace = pattern.hasPrefix("/") || pattern.hasPrefix("./")
        let pattern = hasPlace ? pattern : "/etc/" + pattern
        let isPattern = pattern.contains { "*?[".contains($0) }
        var files: [SourceFile] = []
        for path in SSHInclude(reader).paths(of: pattern, &gaps).prefix(FirewallFiles.fileLimit) {
            switch reader.status(path) {
            case .absent: continue
            case .found(let status) where status.type != .regular: continue
            case .found, .unreadable:
                guard let file = file("/" + String(decoding: path.relativeBytes, as: UTF8.self)).value else {
                    return nil
                }
                files.append(file)
            }
        }
        return files.isEmpty && !isPattern ? nil : files
    }

    /// The files of `directories` whose names end in `suffix`, in their order; nil when one cannot be read.
    mutating func files(_ directories: [String], suffix: String) -> [SourceFile]? {
        var files: [SourceFile] = []
        var isWhole = true
        for directory in directories {
            switch reader.entries(TreePath(directory)) {
            case .absent: continue
            case .unreadable(let reason):
                miss(directory, reason)
                isWhole = false
            case .found(let entries):
                let names = entries.map { String(decoding: $0.name, as: UTF8.self) }.filter { $0.hasSuffix(suffix) }
                if names.count > FirewallFiles.fileLimit {
                    miss(directory, "more than \(FirewallFiles.fileLimit) files")
                    isWhole = false
                }
                for name in names.prefix(FirewallFiles.fileLimit) {
                    switch file(directory + "/" + name) {
                    case .found(let file): files.append(file)
                    case .absent: continue
                    case .unreadable: isWhole = false
                    }
                }
            }
        }
        return isWhole ? files : nil
    }

    private mutating func miss(_ path: String, _ reason: String) {
        let gap = Gap(Place(EscapedText(path).description), reason: reason)
        if !gaps.contains(gap), gaps.count < 1000 { gaps.append(gap) }
    }
}
