public import AssayBytes
import CSQLite
import Synchronization

/// Reads tables of a SQLite database that nobody vouches for, from any `ByteSource`, page by page.
///
/// The database is never written, locked or followed to another file: SQLite sees it through a read-only file layer over
/// the source, as immutable. Views, triggers, recursive queries, functions and pragmas are refused, the schema is not
/// trusted (https://www.sqlite.org/security.html), and steps, rows and sizes are bounded, so that no database can make a
/// query run on. The connection never leaves this type and closes with it. A write-ahead log beside the file is not seen: what it holds is missing (`isWriteAheadLogging`).
@safe public final class SQLiteReader {
    /// How much one query may take.
    public struct Limits: Hashable, Sendable {
        /// Steps of SQLite's virtual machine, in thousands.
        public var thousandSteps: Int
        /// Rows.
        public var rows: Int
        /// Bytes of one value or row.
        public var valueBytes: Int
        /// KiB of pages held in memory.
        public var cacheKibibytes: Int

        /// Makes limits; the defaults are ample for the packages of a large system.
        public init(
            thousandSteps: Int = 50_000, rows: Int = 1_000_000, valueBytes: Int = 128 << 20, cacheKibibytes: Int = 2048
        ) {
            self.thousandSteps = thousandSteps
            self.rows = rows
            self.valueBytes = valueBytes
            self.cacheKibibytes = cacheKibibytes
        }
    }

    /// Whether the database was last written in write-ahead mode, so that a log beside it may hold newer content.
    ///
    /// Where a file of the same name with `-wal` exists and is not empty, what is read here is not the whole truth.
    public let isWriteAheadLogging: Bool

    private let database: OpaquePointer
    private let registration: SourceRegistry.Registration
    private let budget: StepBudget
    private let limits: Limits

    /// Opens the database that `source` holds.
    ///
    /// - Throws: `SQLiteError`; the source's own error when its first bytes cannot be read.
    public init(_ source: any ByteSource, limits: Limits = Limits()) throws {
        let header = try source.prefix(at: .zero, atMost: 100)
        guard header.count == 100, header.starts(with: "SQLite format 3\0".utf8) else {
            throw SQLiteError(code: .malformed, description: "not a SQLite database")
        }
        try SourceRegistry.installFileLayer()
        let registration = SourceRegistry.register(source)
        var handle: OpaquePointer?
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
        // SAFETY: the name and layer strings live for the call; the handle is closed in deinit or right below.
        let status = unsafe sqlite3_open_v2(registration.name, &handle, flags, SourceRegistry.layerName)
        guard let handle = unsafe handle else { throw SQLiteError(code: .other, description: "out of memory") }
        guard status == SQLITE_OK else {
            let error = unsafe SQLiteReader.error(status, handle, registration)
            unsafe sqlite3_close_v2(handle)
            throw error
        }
        isWriteAheadLogging = header[18] == 2 || header[19] == 2
        unsafe database = handle
        self.registration = registration
        self.limits = limits
        budget = StepBudget()
        try harden()
    }

    deinit { unsafe sqlite3_close_v2(database) }

    /// Runs `query`, a single `SELECT` over the database's own tables, and hands over row after row.
    ///
    /// - Parameters:
    ///   - query: written by the caller, never taken from a subject.
    ///   - body: gets the values of a row's columns; throws to stop.
    /// - Throws: `SQLiteError` when the database is damaged or a limit is reached; what `body` throws.
    public func forEachRow(_ query: String, _ body: ([SQLiteValue]) throws -> Void) throws {
        budget.refill(limits.thousandSteps)
        var statement: OpaquePointer?
        // SAFETY: SQLite copies the text; the statement is finalized on every way out.
        let prepared = unsafe sqlite3_prepare_v2(database, query, -1, &statement, nil)
        guard prepared == SQLITE_OK, let statement = unsafe statement else { throw failure(prepared) }
        defer { unsafe sqlite3_finalize(statement) }
        var rows = 0
        while true {
            let status = unsafe sqlite3_step(statement)
            if status == SQLITE_DONE { return }
            guard status == SQLITE_ROW else { throw failure(status) }
            rows += 1
            guard rows <= limits.rows else {
                throw SQLiteError(code: .limit, description: "more than \(limits.rows) rows")
            }
            try body((0..<(unsafe sqlite3_column_count(statement))).map { unsafe SQLiteReader.value(statement, $0) })
        }
    }

    /// The settings for a database whose content is hostile, https://www.sqlite.org/security.html.
    private func harden() throws {
        for (option, value) in [
            (SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0), (SQLITE_DBCONFIG_ENABLE_TRIGGER, 0),
            (SQLITE_DBCONFIG_ENABLE_VIEW, 0), (SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0),
            (SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0), (SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0),
        ] {
            let status = unsafe assay_sqlite3_db_config_flag(database, option, Int32(value))
            guard status == SQLITE_OK else { throw failure(status) }
        }
        for (limit, value) in [
            (SQLITE_LIMIT_LENGTH, limits.valueBytes), (SQLITE_LIMIT_SQL_LENGTH, 100_000), (SQLITE_LIMIT_COLUMN, 200),
            (SQLITE_LIMIT_EXPR_DEPTH, 20), (SQLITE_LIMIT_COMPOUND_SELECT, 3), (SQLITE_LIMIT_VDBE_OP, 25_000),
            (SQLITE_LIMIT_FUNCTION_ARG, 8), (SQLITE_LIMIT_ATTACHED, 0), (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50),
            (SQLITE_LIMIT_VARIABLE_NUMBER, 10), (SQLITE_LIMIT_TRIGGER_DEPTH, 1), (SQLITE_LIMIT_WORKER_THREADS, 0),
        ] {
            unsafe sqlite3_limit(database, limit, Int32(clamping: value))
        }
        // SAFETY: the budget is a stored property and outlives the connection, which deinit closes first.
        let context = unsafe Unmanaged.passUnretained(budget).toOpaque()
        budget.refill(limits.thousandSteps)
        unsafe sqlite3_progress_handler(database, 1000, spendStep, context)
        let pragmas =
            "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA query_only=ON; PRAGMA temp_store=MEMORY;"
            + "PRAGMA cache_size=-\(max(limits.cacheKibibytes, 64))"
        let status = unsafe sqlite3_exec(database, pragmas, nil, nil, nil)
        guard status == SQLITE_OK else { throw failure(status) }
        unsafe sqlite3_set_authorizer(database, authorize, nil)
    }

    private func failure(_ status: Int32) -> SQLiteError {
        if budget.isSpent {
            return SQLiteError(code: .limit, description: "the query took more than \(limits.thousandSteps),000 steps")
        }
        return unsafe SQLiteReader.error(status, database, registration)
    }

    private static func error(
        _ status: Int32, _ database: OpaquePointer, _ registration: SourceRegistry.Registration
    ) -> SQLiteError {
        if let failure = registration.failure { return SQLiteError(code: .source, description: failure) }
        // SAFETY: the message is SQLite's own, zero-terminated, and copied at once.
        let message = unsafe sqlite3_errmsg(database).map { unsafe String(cString: $0) } ?? "unknown"
        let code: SQLiteError.Code =
            switch status & 0xFF {
            case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_FORMAT: .malformed
            case SQLITE_TOOBIG, SQLITE_INTERRUPT, SQLITE_NOMEM, SQLITE_FULL: .limit
            case SQLITE_AUTH, SQLITE_ERROR, SQLITE_READONLY: .refused
            default: .other
            }
        return SQLiteError(code: code, description: message)
    }

    private static func value(_ statement: OpaquePointer, _ column: Int32) -> SQLiteValue {
        switch unsafe sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return .integer(unsafe sqlite3_column_int64(statement, column))
        case SQLITE_FLOAT: return .real(unsafe sqlite3_column_double(statement, column))
        case SQLITE_TEXT:
            // SAFETY: the text is asked for before its size, as SQLite wants it, and copied before the next step.
            guard let text = unsafe sqlite3_column_text(statement, column) else { return .text([]) }
            let count = Int(unsafe sqlite3_column_bytes(statement, column))
            return unsafe .text([UInt8](UnsafeBufferPointer(start: text, count: count)))
        case SQLITE_BLOB:
            // SAFETY: as for text; SQLite owns `count` bytes there until the next step.
            guard let blob = unsafe sqlite3_column_blob(statement, column) else { return .blob([]) }
            let count = Int(unsafe sqlite3_column_bytes(statement, column))
            return unsafe .blob([UInt8](UnsafeRawBufferPointer(start: blob, count: count)))
        default: return .null
        }
    }
}

/// What is left of the steps of a query.
///
/// Used by one thread at a time: the reader is not `Sendable`, and SQLite calls back on the thread that steps.
final class StepBudget {
    private var thousands = 0
    private(set) var isSpent = false

    func refill(_ thousands: Int) {
        self.thousands = thousands
        isSpent = false
    }

    func spend() -> Bool {
        thousands -= 1
        if thousands < 0 { isSpent = true }
        return isSpent
    }
}

/// SQLite's progress handler: not 0 ends the query.
private let spendStep: @convention(c) (UnsafeMutableRawPointer?) -> Int32 = { context in
    guard let context = unsafe context else { return 1 }
    // SAFETY: the pointer is that of the reader's budget, alive as long as the connection.
    return unsafe Unmanaged<StepBudget>.fromOpaque(context).takeUnretainedValue().spend() ? 1 : 0
}

/// SQLite's authorizer: reading columns of tables, and nothing else.
private let authorize:
    @convention(c) (
        UnsafeMutableRawPointer?, Int32, UnsafePointer<CChar>?, UnsafePointer<CChar>?, UnsafePointer<CChar>?,
        UnsafePointer<CChar>?
    ) -> Int32 = { _, action, _, _, _, _ in
        action == SQLITE_SELECT || action == SQLITE_READ ? SQLITE_OK : SQLITE_DENY
    }
