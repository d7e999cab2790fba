/// Why a database could not be read.
public struct SQLiteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for code that decides by it.
    public struct Code: Hashable, Sendable {
        let name: String

        /// The bytes are not a SQLite database, or a damaged one.
        public static let malformed = Code(name: "malformed")
        /// The query took more steps, rows or bytes than allowed.
        public static let limit = Code(name: "limit")
        /// The query asks for what the database does not have, or for more than reading a table.
        public static let refused = Code(name: "refused")
        /// The source of the bytes failed.
        public static let source = Code(name: "source")
        /// SQLite failed in another way.
        public static let other = Code(name: "other")
    }

    /// What went wrong.
    public let code: Code
    /// The sentence for people.
    public let description: String
}
