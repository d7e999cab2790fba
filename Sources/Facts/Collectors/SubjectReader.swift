import AssayBytes
import AssayFacts
import AssayFileSystem

/// Something that was looked for in the subject.
enum Reading<Value> {
    /// It is there.
    case found(Value)
    /// It is not there.
    case absent
    /// It could not be read.
    case unreadable(String)

    /// The value, if it was found.
    var value: Value? {
        guard case .found(let value) = self else { return nil }
        return value
    }

    /// The same reading of another value.
    func map<Other>(_ transform: (Value) throws -> Other) rethrows -> Reading<Other> {
        switch self {
        case .found(let value): .found(try transform(value))
        case .absent: .absent
        case .unreadable(let reason): .unreadable(reason)
        }
    }
}

/// Bounded reads of a subject's files that never fail: what cannot be read is a value.
struct SubjectReader: Sendable {
    /// Configuration files are small; a larger one is reported instead of read.
    static let configurationLimit = 4 << 20

    let root: RootedDirectory

    /// The bytes of a file.
    func bytes(_ path: TreePath, limit: Int = configurationLimit) -> Reading<[UInt8]> {
        reading { try root.read(path, limit: limit) }
    }

    /// The text of a file, with U+FFFD for what is not UTF-8.
    func text(_ path: TreePath, limit: Int = configurationLimit) -> Reading<String> {
        bytes(path, limit: limit).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The first line of a small file without its end, as files of `/proc` and `/sys` have it.
    func line(_ path: TreePath) -> Reading<String> {
        text(path, limit: 65_536).map { text in
            String(text.prefix { $0 != "\n" })
        }
    }

    /// The entries of a directory.
    func entries(_ path: TreePath) -> Reading<[DirectoryEntry]> {
        reading { try root.entries(path) }
    }

    /// What a path is, with links followed inside the root.
    func status(_ path: TreePath) -> Reading<FileStatus> {
        reading { try root.status(path) }
    }

    /// Whether a path exists; nil when that cannot be told.
    func exists(_ path: TreePath) -> Bool? {
        switch status(path) {
        case .found: true
        case .absent: false
        case .unreadable: nil
        }
    }

    /// The first of `paths` that exists.
    func first(of paths: [TreePath]) -> TreePath? { paths.first { exists($0) == true } }

    /// Runs `body` and sorts its errors.
    func reading<Value>(_ body: () throws -> Value) -> Reading<Value> {
        do {
            return .found(try body())
        } catch let error as FileSystemError {
            return error.code == .notFound ? .absent : .unreadable(error.reason)
        } catch {
            return .unreadable("\(error)")
        }
    }
}

extension Reading where Value: Codable & Hashable & Sendable {
    /// The same as an observation at `path`.
    func observation(_ path: TreePath) -> Observation<Value> {
        let place = Place(path.description)
        return switch self {
        case .found(let value): .found(value, place)
        case .absent: .absent(place)
        case .unreadable(let reason): .unreadable(place, reason: reason)
        }
    }
}
