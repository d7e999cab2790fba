import AssayBytes
public import AssayFacts
import AssayFileSystem
import AssayProcesses
import AssayRootHashSignature
import AssaySubjects
import AssayVerity
import FoundationEssentials

/// Facts in a file: an audit that can be judged again without its subject.
public enum SavedFacts {
    /// The largest file that is read back, in bytes.
    public static let sizeLimit = 512 << 20

    /// Writes facts as JSON with sorted keys.
    public static func encode(_ facts: Facts) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(facts)) + [0x0A]
    }

    /// Reads what `encode` wrote.
    ///
    /// - Throws: `SavedFactsError` when it is no such JSON, or of another version.
    public static func decode(_ bytes: [UInt8]) throws -> Facts {
        struct Version: Decodable { var schemaVersion: Int }
        do {
            let version = try JSONDecoder().decode(Version.self, from: Data(bytes)).schemaVersion
            guard version == Facts.currentSchemaVersion else {
                throw SavedFactsError(
                    description: "facts of version \(version); this assay reads \(Facts.currentSchemaVersion)")
            }
            return try JSONDecoder().decode(Facts.self, from: Data(bytes))
        } catch let error as SavedFactsError {
            throw error
        } catch let error as DecodingError {
            throw SavedFactsError(description: "not facts that assay saved (\(reason(error)))")
        } catch {
            throw SavedFactsError(description: "not facts that assay saved")
        }
    }

    /// Where the text departs from what was expected.
    private static func reason(_ error: DecodingError) -> String {
        func path(_ context: DecodingError.Context) -> String {
            let names = context.codingPath.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }
            return EscapedText(String(names.joined().drop { $0 == "." }.prefix(200))).description
        }
        return switch error {
        case .keyNotFound(let key, _): "'\(key.stringValue)' is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            context.codingPath.isEmpty ? "no JSON object" : "'\(path(context))' has another type"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty ? "no JSON" : "'\(path(context))' has a value that is not known"
        @unknown default: "no JSON"
        }
    }
}

/// Saved facts that cannot be judged.
public struct SavedFactsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence for people.
    public let description: String
}

extension Audit {
    /// Reads facts that `save(_:to:)` wrote.
    ///
    /// - Throws: `FileSystemError` or `SavedFactsError`.
    public static func savedFacts(at path: String) throws -> Facts {
        let bytes = try file(at: path, limit: SavedFacts.sizeLimit)
        do {
            return try SavedFacts.decode(bytes)
        } catch let error as SavedFactsError {
            throw SavedFactsError(description: "'\(EscapedText(path))': \(error.description)")
        }
    }

    /// Writes facts to a file, whole or not at all.
    public static func save(_ facts: Facts, to path: String) throws {
        try writeFile(SavedFacts.encode(facts), to: path)
    }

    /// Reads a file of the user's, of at most `limit` bytes.
    public static func file(at path: String, limit: Int) throws -> [UInt8] {
        try RootedDirectory.openHostFile(path).readToEnd(limit: limit)
    }

    /// Whether two paths lead to the same file.
    public static func isSameFile(_ left: String, _ right: String) -> Bool { AtomicFile.isSameFile(left, right) }

    /// Writes a file of the user's, whole or not at all.
    public static func writeFile(_ bytes: [UInt8], to path: String) throws {
        try AtomicFile.write(bytes, to: path)
    }

    /// What to do about `error`, if it says so.
    public static func hint(_ error: any Error) -> String? {
        switch error {
        case let error as VerityRequestError: error.hint
        case let error as RootHashSignatureFault: error.hint
        default: nil
        }
    }

    /// Why a subject or file could not be used, or nil when `error` says nothing about one.
    public static func reason(_ error: any Error) -> String? {
        switch error {
        case let error as FileSystemError: error.description
        case let error as SubjectError: error.description
        case let error as SavedFactsError: error.description
        case let error as VerityError: error.description
        case let error as VerityRequestError: error.description
        case let error as ErrorCorrectionError: error.description
        case let error as RootHashSignatureFault: error.description
        case let error as ExternalProgram.Failure: error.description
        case let error as ByteError: error.description
        default: nil
        }
    }
}
