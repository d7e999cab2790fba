public import AssayBytes

/// The functions of which one C library has a checked form, so that FORTIFY can replace calls of them.
///
/// Made from the libc of the subject that is judged, never from the libc of the machine that judges.
public struct FortifiableFunctions: Hashable, Sendable {
    let plain: NameTable
    let checked: Set<String>

    /// The number of checked functions that the library exports.
    public var count: Int { checked.count }

    /// The checked functions' names, `__memcpy_chk` and the like, sorted.
    public var checkedNames: [String] { checked.sorted() }

    /// Reads the exports of `libc`.
    ///
    /// - Throws: `ELFError` when its symbols cannot be read.
    public init(libc: ELFFile) throws {
        self.init(checked: try libc.dynamicFacts(fortifiable: nil)?.checkedDefinitions ?? [])
    }

    /// Reads the exports of the library in `source`.
    ///
    /// - Throws: `ELFError` when it is not a readable ELF file, or the source's own error.
    public init(libc source: any ByteSource) throws { try self.init(libc: ELFFile(source)) }

    init(checked names: [String]) {
        var plainNames = Set<String>()
        for name in names { plainNames.insert(String(name.dropFirst(2).dropLast(4))) }
        checked = Set(names)
        plain = NameTable(plainNames.sorted())
    }
}
