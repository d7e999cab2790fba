import AssayBytes
import CSQLite
import Synchronization

/// The sources of open databases, by the names that SQLite knows them by, and the file layer that reads them.
///
/// https://www.sqlite.org/vfs.html
enum SourceRegistry {
    /// The name of the file layer.
    static let layerName = "assay-source"

    /// A source that a connection reads, with the first error of it.
    final class Registration: Sendable {
        /// What SQLite gets as the file's name.
        let name: String
        let source: any ByteSource
        private let firstFailure = Mutex<String?>(nil)

        init(name: String, source: any ByteSource) {
            self.name = name
            self.source = source
        }

        deinit { SourceRegistry.remove(name) }

        var failure: String? { firstFailure.withLock { $0 } }

        func fail(_ error: any Error) {
            firstFailure.withLock { $0 = $0 ?? "\(error)" }
        }
    }

    private struct Weak {
        weak var registration: Registration?
    }

    private struct State {
        var next: UInt64 = 0
        var entries: [String: Weak] = [:]
        var isInstalled = false
    }

    private static let state = Mutex(State())

    /// Gives `source` a name for as long as the result lives.
    static func register(_ source: any ByteSource) -> Registration {
        state.withLock { state in
            state.next += 1
            let registration = Registration(name: "source-\(state.next)", source: source)
            state.entries[registration.name] = Weak(registration: registration)
            return registration
        }
    }

    static func find(_ name: String) -> Registration? {
        state.withLock { $0.entries[name]?.registration }
    }

    private static func remove(_ name: String) {
        state.withLock { $0.entries[name] = nil }
    }

    /// Makes the file layer known to SQLite, once a process.
    static func installFileLayer() throws(SQLiteError) {
        let isDone = state.withLock { state in
            if !state.isInstalled { state.isInstalled = registerFileLayer() == SQLITE_OK }
            return state.isInstalled
        }
        guard isDone else { throw SQLiteError(code: .other, description: "SQLite refused the file layer") }
    }
}

/// The extended codes that C computes in macros, which Swift does not see.
private enum FileLayerError {
    static let read = SQLITE_IOERR | 1 << 8
    static let shortRead = SQLITE_IOERR | 2 << 8
    static let size = SQLITE_IOERR | 7 << 8
}

/// SQLite's file object with our source behind its methods.
///
/// SQLite allocates it and hands it back to the methods.
@unsafe private struct SourceFile {
    var base: sqlite3_file
    var registration: Unmanaged<SourceRegistry.Registration>?
}

/// Registers the layer.
///
/// Its tables live as long as the process, as SQLite demands; nothing frees them.
private func registerFileLayer() -> Int32 {
    guard let system = unsafe sqlite3_vfs_find(nil) else { return SQLITE_ERROR }
    let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    unsafe methods.initialize(to: sourceMethods())
    let layer = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    unsafe layer.initialize(to: sqlite3_vfs())
    unsafe layer.pointee.iVersion = 1
    unsafe layer.pointee.szOsFile = Int32(MemoryLayout<SourceFile>.size)
    unsafe layer.pointee.mxPathname = 64
    // SAFETY: never freed, because SQLite keeps the pointer.
    unsafe layer.pointee.zName = UnsafePointer(
        UnsafeMutablePointer<CChar>.allocate(copying: SourceRegistry.layerName))
    unsafe layer.pointee.pAppData = UnsafeMutableRawPointer(methods)
    unsafe layer.pointee.xOpen = { layer, name, file, flags, outFlags in
        guard let file = unsafe file else { return SQLITE_CANTOPEN }
        // SAFETY: SQLite allocated szOsFile bytes there, aligned for any type.
        let source = unsafe UnsafeMutableRawPointer(file).assumingMemoryBound(to: SourceFile.self)
        unsafe source.pointee.base.pMethods = nil
        unsafe source.pointee.registration = nil
        guard flags & SQLITE_OPEN_MAIN_DB != 0, let name = unsafe name, let layer = unsafe layer,
            let registration = unsafe SourceRegistry.find(String(cString: name))
        else { return SQLITE_CANTOPEN }
        unsafe source.pointee.registration = Unmanaged.passRetained(registration)
        unsafe source.pointee.base.pMethods = UnsafePointer(
            layer.pointee.pAppData.assumingMemoryBound(to: sqlite3_io_methods.self))
        if let outFlags = unsafe outFlags { unsafe outFlags.pointee = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB }
        return SQLITE_OK
    }
    unsafe layer.pointee.xDelete = { _, _, _ in SQLITE_READONLY }
    unsafe layer.pointee.xAccess = { _, _, _, result in
        // No journal, no write-ahead log, nothing else beside the source.
        if let result = unsafe result { unsafe result.pointee = 0 }
        return SQLITE_OK
    }
    unsafe layer.pointee.xFullPathname = { _, name, count, out in
        guard let name = unsafe name, let out = unsafe out else { return SQLITE_CANTOPEN }
        var index = 0
        while index < Int(count) {
            // SAFETY: `out` has `count` bytes; `name` ends with a zero byte, at which the copy stops.
            let character = unsafe name[index]
            unsafe out[index] = character
            if character == 0 { return SQLITE_OK }
            index += 1
        }
        return SQLITE_CANTOPEN
    }
    unsafe layer.pointee.xRandomness = unsafe system.pointee.xRandomness
    unsafe layer.pointee.xSleep = unsafe system.pointee.xSleep
    unsafe layer.pointee.xCurrentTime = unsafe system.pointee.xCurrentTime
    unsafe layer.pointee.xGetLastError = { _, _, _ in 0 }
    return unsafe sqlite3_vfs_register(layer, 0)
}

/// The methods of an open source: reading and its size; writing is refused.
private func sourceMethods() -> sqlite3_io_methods {
    var methods = sqlite3_io_methods()
    methods.iVersion = 1
    unsafe methods.xClose = { file in
        guard let source = unsafe sourceFile(file) else { return SQLITE_OK }
        unsafe source.pointee.registration?.release()
        unsafe source.pointee.registration = nil
        return SQLITE_OK
    }
    unsafe methods.xRead = { file, out, count, offset in
        guard let source = unsafe sourceFile(file), let out = unsafe out, count >= 0, offset >= 0,
            let registration = unsafe source.pointee.registration?.takeUnretainedValue()
        else { return FileLayerError.read }
        // SAFETY: `out` has `count` bytes that only SQLite's caller, this thread, touches during the call.
        let buffer = unsafe UnsafeMutableBufferPointer(
            start: out.assumingMemoryBound(to: UInt8.self), count: Int(count))
        var span = unsafe buffer.mutableSpan
        for index in span.indices { span[index] = 0 }
        do {
            let read = try registration.source.read(into: &span, at: ByteOffset(UInt64(offset)))
            return read == Int(count) ? SQLITE_OK : FileLayerError.shortRead
        } catch {
            registration.fail(error)
            return FileLayerError.read
        }
    }
    unsafe methods.xWrite = { _, _, _, _ in SQLITE_READONLY }
    unsafe methods.xTruncate = { _, _ in SQLITE_READONLY }
    unsafe methods.xSync = { _, _ in SQLITE_OK }
    unsafe methods.xFileSize = { file, size in
        guard let source = unsafe sourceFile(file), let size = unsafe size,
            let registration = unsafe source.pointee.registration?.takeUnretainedValue()
        else { return FileLayerError.size }
        unsafe size.pointee = Int64(clamping: registration.source.size.rawValue)
        return SQLITE_OK
    }
    unsafe methods.xLock = { _, _ in SQLITE_OK }
    unsafe methods.xUnlock = { _, _ in SQLITE_OK }
    unsafe methods.xCheckReservedLock = { _, result in
        if let result = unsafe result { unsafe result.pointee = 0 }
        return SQLITE_OK
    }
    unsafe methods.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
    unsafe methods.xSectorSize = { _ in 4096 }
    unsafe methods.xDeviceCharacteristics = { _ in SQLITE_IOCAP_IMMUTABLE }
    return methods
}

/// The object that xOpen filled.
private func sourceFile(_ file: UnsafeMutablePointer<sqlite3_file>?) -> UnsafeMutablePointer<SourceFile>? {
    // SAFETY: SQLite calls the methods only with files that this layer opened, of the size that it asked for.
    unsafe file.map { unsafe UnsafeMutableRawPointer($0).assumingMemoryBound(to: SourceFile.self) }
}

extension UnsafeMutablePointer<CChar> {
    /// A copy of `text` with a zero byte at its end, for the caller to free.
    fileprivate static func allocate(copying text: String) -> UnsafeMutablePointer<CChar> {
        let bytes = text.utf8CString
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        for (index, byte) in bytes.enumerated() { unsafe (copy + index).initialize(to: byte) }
        return unsafe copy
    }
}
