import AssayBytes
import AssayCompression
import AssayDebianArchive
import AssayFacts
import AssayFileSystem

/// What the names of a repository's files mean.
enum DebianNames {
    static let inRelease = Array("InRelease".utf8)
    static let release = Array("Release".utf8)
    static let releaseSignature = Array("Release.gpg".utf8)
    static let dists = Array("dists".utf8)
    static let byHash = Array("by-hash".utf8)

    private static let compressions: [(String, CompressionFormat)] = [
        (".gz", .gzip), (".xz", .xz), (".zst", .zstd), (".lz4", .lz4), (".lzma", .lzma), (".bz2", .bzip2),
    ]
    private static let indexPrefixes = ["Packages", "Sources", "Contents-", "Translation-", "Components-", "Release"]

    /// The name without the extension of a compression, and which one that is.
    static func compression(_ name: String) -> (plain: String, format: CompressionFormat?) {
        for (suffix, format) in compressions where name.utf8.count > suffix.utf8.count {
            guard name.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) else { continue }
            return (String(Substring(name.utf8.dropLast(suffix.utf8.count))), format)
        }
        return (name, nil)
    }

    /// Whether a file of this path is an index of packages, compressed or not.
    static func isPackagesIndex(_ path: String) -> Bool {
        let name = path.utf8.split(separator: 0x2F).last.map { String(Substring($0)) } ?? ""
        return compression(name).plain == "Packages"
    }

    /// Whether a file of this name belongs into a Release file.
    static func isIndexName(_ name: [UInt8]) -> Bool { indexPrefixes.contains { name.starts(with: $0.utf8) } }

    /// Whether a file of this name is a package.
    static func isPackage(_ name: [UInt8]) -> Bool {
        [".deb", ".udeb", ".ddeb"].contains {
            name.count > $0.utf8.count && name.suffix($0.utf8.count).elementsEqual($0.utf8)
        }
    }

    /// The suite or codename that a path below `dists` asks for.
    ///
    /// What stands behind the last slash belongs to the archive's layout (`stable/updates`), as for apt.
    static func requested(_ suite: [[UInt8]]) -> String? {
        let names = suite.count > 1 ? suite.dropLast() : suite[...]
        guard !names.isEmpty else { return nil }
        return EscapedText(names.joined(separator: [0x2F])).description
    }
}

/// What an error says about the file that it concerns.
enum DebianProblem {
    static func facts(_ error: any Error, at place: Place) -> FileProblem {
        var place = place
        var isMalformed = false
        var reason = "\(error)"
        switch error {
        case let error as ControlFileError:
            isMalformed = true
            if error.line > 0 { place.line = error.line }
        case let error as DebianArchiveError:
            isMalformed = ![.limit, .unsupported].contains(error.code)
            place.offset = error.offset.rawValue
        case let error as CompressionError:
            isMalformed = [.corrupt, .truncated, .trailingData].contains(error.code)
        case is DebianContentFault: isMalformed = true
        case let error as FileSystemError: reason = error.reason
        default: break
        }
        return FileProblem(isMalformed: isMalformed, reason: reason, place: place)
    }
}
