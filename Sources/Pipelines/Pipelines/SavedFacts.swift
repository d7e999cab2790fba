public import AssayFacts
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
        } catch {
            throw SavedFactsError(description: "not facts that assay saved: \(error)")
        }
    }
}

/// Saved facts that cannot be judged.
public struct SavedFactsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence for people.
    public let description: String
}
