/// The files that dpkg keeps beside its status file.
///
/// Paths are bytes: they need not be UTF-8.
public enum DpkgFiles {
    /// The paths in a `/var/lib/dpkg/info/*.list` file, directories included, in its order.
    ///
    /// The root appears as `/.` there; empty and relative lines are left out.
    public static func list(_ bytes: [UInt8]) -> [[UInt8]] {
        bytes.split(separator: 0x0A).filter { $0.first == 0x2F }.map { Array($0) }
    }

    /// The package that a file of `/var/lib/dpkg/info` belongs to.
    ///
    /// - Parameter fileName: `bash.list` or, for packages that can be there for two architectures, `libc6:amd64.list`.
    /// - Returns: the package with its architecture where it is named; nil when the file is not a list of paths.
    public static func package(ofList fileName: String) -> (name: String, architecture: String?)? {
        let name = fileName.utf8
        guard name.count > 5, name.suffix(5).elementsEqual(".list".utf8) else { return nil }
        let parts = name.dropLast(5).split(separator: 0x3A, maxSplits: 1, omittingEmptySubsequences: false)
        guard let package = parts.first, !package.isEmpty else { return nil }
        return (String(Substring(package)), parts.count == 2 ? String(Substring(parts[1])) : nil)
    }

    /// A file that dpkg puts elsewhere than its package says.
    public struct Diversion: Hashable, Sendable {
        /// The path in the packages.
        public let from: [UInt8]
        /// The path that every package but `package` gets instead.
        public let to: [UInt8]
        /// The package that keeps the path; nil for a diversion of the administrator's own.
        public let package: String?
    }

    /// The diversions in `/var/lib/dpkg/diversions`: three lines each.
    ///
    /// - Returns: the diversions, and a diagnostic when the last one is cut.
    public static func diversions(
        _ bytes: [UInt8]
    ) -> (diversions: [Diversion], diagnostics: [PackageDatabaseDiagnostic]) {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        var result: [Diversion] = []
        var index = 0
        while index + 2 < lines.count {
            let package = String(decoding: lines[index + 2], as: UTF8.self)
            result.append(
                Diversion(
                    from: Array(lines[index]), to: Array(lines[index + 1]), package: package == ":" ? nil : package))
            index += 3
        }
        guard index == lines.count else {
            return (result, [PackageDatabaseDiagnostic(line: index + 1, reason: "a diversion is cut")])
        }
        return (result, [])
    }

    /// Where the file that `package` ships as `path` lies on disk.
    public static func installedPath(_ path: [UInt8], of package: String, diversions: [[UInt8]: Diversion]) -> [UInt8] {
        guard let diversion = diversions[path], diversion.package != package else { return path }
        return diversion.to
    }
}

/// The directories of a system that are links into `/usr`, to give each file one path.
///
/// Packages list `/bin/sh` while a walk finds `/usr/bin/sh`. Which links are there is for the caller to find out.
/// https://www.freedesktop.org/wiki/Software/systemd/TheCaseForTheUsrMerge/
public struct MergedDirectories: Hashable, Sendable {
    private let targets: [[UInt8]: [UInt8]]

    /// Makes the map from links to their targets, both absolute: `/lib64` to `/usr/lib64`.
    ///
    /// Links that are not directly under `/` count too (`/usr/lib64` to `/usr/lib`); the target is not resolved again.
    public init(_ links: [[UInt8]: [UInt8]]) { targets = links }

    /// The map of the usual four links and their variants for the names in `directories` (`bin`, `sbin`, `lib`, `lib64`).
    public init(topLevel directories: Set<String>) {
        targets = Dictionary(
            uniqueKeysWithValues: directories.map { (Array("/\($0)".utf8), Array("/usr/\($0)".utf8)) })
    }

    /// `path` with the longest link at its start replaced once.
    ///
    /// Links that lie deeper than 4 components are not looked for.
    public func canonical(_ path: [UInt8]) -> [UInt8] {
        guard !targets.isEmpty else { return path }
        var ends: [Int] = []
        for index in path.indices where index > 0 && path[index] == 0x2F && ends.count < 4 { ends.append(index) }
        if ends.count < 4 { ends.append(path.count) }
        for end in ends.reversed() {
            if let target = targets[Array(path[..<end])] { return target + path[end...] }
        }
        return path
    }
}
