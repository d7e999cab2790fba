/// What one walk over a symbol table saw; only names that matter are kept.
struct SymbolFacts: Hashable, Sendable {
    /// A symbol of interest.
    struct Hit: Hashable, Sendable {
        let name: Known
        let isImport: Bool
        let value: UInt64
        let size: UInt64
        /// File offset of its entry.
        let offset: UInt64
    }

    /// The names that the analysis asks for.
    enum Known: String, CaseIterable, Hashable, Sendable {
        case stackCheckFail = "__stack_chk_fail"
        case stackCheckFailLocal = "__stack_chk_fail_local"
        case stackCheckGuard = "__stack_chk_guard"
        case stackCheckGuardReference = "__ref_stack_chk_guard"
        case intelCookie = "__intel_security_cookie"
        case pointerCheckGuard = "__pointer_chk_guard"
        case cfiCheck = "__cfi_check"
        case cfiSlowPath = "__cfi_slowpath"
        case cfiSlowPathDiagnostic = "__cfi_slowpath_diag"
        case safeStackInit = "__safestack_init"
        case safeStackPointer = "__safestack_unsafe_stack_ptr"
        case badArrayNewLength = "__cxa_throw_bad_array_new_length"
        case rustPersonality = "rust_eh_personality"
        case cxxPersonality = "__gxx_personality_v0"
        case swiftRelease = "swift_release"
        case swiftRetain = "swift_retain"
        case main = "main"
        case libcStartMain = "__libc_start_main"
        case libcStart32 = "__libc_start_call_main"
        case cxaFinalize = "__cxa_finalize"
        case unwindResume = "_Unwind_Resume"
        case unwindBacktrace = "_Unwind_Backtrace"

        static let table = NameTable(allCases.map(\.rawValue))
        static let ordered = Array(allCases)
    }

    var count = 0
    var hits: [Hit] = []
    /// Names that end in `_chk` as FORTIFY makes them.
    var checkedImports: [String] = []
    var checkedDefinitions: [String] = []
    /// Plain functions that the subject's libc has a checked form of.
    var fortifiable: [String] = []
    var firstCxxSymbol: UInt64?
    var firstRustSymbol: UInt64?
    var firstSwiftSymbol: UInt64?
    /// Names that may still be searched to their end for Rust's mark: a hostile table could repeat a long one.
    private var mangledLeft = 16_384

    func first(_ names: Known..., importsOnly: Bool = false) -> Hit? {
        hits.first { names.contains($0.name) && (!importsOnly || $0.isImport) }
    }
}

extension SymbolFacts {
    /// Hits kept of one table: a hostile table could repeat a name without end.
    private static let hitLimit = 256
    /// Distinct function names kept of one table; glibc has about 100 checked functions.
    private static let nameLimit = 1_024

    init(_ symbols: ELFSymbolTable, fortifiable functions: FortifiableFunctions?) throws {
        let table = symbols.table
        let strings = symbols.strings
        let entrySize = symbols.entrySize
        let sectionAt = symbols.is64 ? 6 : 14
        let known = Known.table
        let plain = functions?.plain
        var seenPlain = Set<Int>()
        count = symbols.count
        for index in 0..<symbols.count {
            let at = index * entrySize
            let start = Int(table.u32(at))
            guard start != 0 else { continue }
            guard start < strings.count else {
                throw ELFError(
                    .badSymbols, at: symbols.offset + UInt64(at), "symbol \(index) has its name outside the table")
            }
            let first = strings[start]
            // Names of C++, Rust and Swift are long and never match: their first bytes tell them apart.
            if first == 0x5F, start + 2 < strings.count {
                let second = strings[start + 1]
                if second == 0x5A || second == 0x52 {
                    noteMangled(strings, start, offset: symbols.offset + UInt64(at))
                    continue
                }
            } else if first == 0x24 {
                if start + 1 < strings.count, strings[start + 1] == 0x73, firstSwiftSymbol == nil {
                    firstSwiftSymbol = symbols.offset + UInt64(at)
                }
                continue
            }
            var hash: UInt32 = 0x811C_9DC5
            var end = start
            let limit = min(strings.count, start + NameTable.longest + 1)
            while end < limit, strings[end] != 0 {
                hash = (hash ^ UInt32(strings[end])) &* 0x0100_0193
                end += 1
            }
            let length = end - start
            guard length > 0, length <= NameTable.longest else { continue }
            let isImport = table.u16(at + sectionAt) == 0
            if let number = known.number(strings, start, length, hash: hash), hits.count < SymbolFacts.hitLimit {
                hits.append(
                    Hit(
                        name: Known.ordered[number], isImport: isImport, value: symbols.value(at),
                        size: symbols.size(at), offset: symbols.offset + UInt64(at)))
            } else if SymbolFacts.isChecked(strings, start, length) {
                let name = String(decoding: strings[start..<end], as: UTF8.self)
                if isImport, checkedImports.count < SymbolFacts.nameLimit {
                    checkedImports.append(name)
                } else if !isImport, checkedDefinitions.count < SymbolFacts.nameLimit {
                    checkedDefinitions.append(name)
                }
            } else if isImport, let plain, let number = plain.number(strings, start, length, hash: hash),
                seenPlain.insert(number).inserted
            {
                fortifiable.append(plain.names[number])
            }
        }
    }

    private mutating func noteMangled(_ strings: [UInt8], _ start: Int, offset: UInt64) {
        if strings[start + 1] == 0x52 {
            if firstRustSymbol == nil { firstRustSymbol = offset }
            return
        }
        guard firstCxxSymbol == nil || firstRustSymbol == nil, mangledLeft > 0 else { return }
        mangledLeft -= 1
        // Rust's legacy mangling is C++'s with a last part of `17h` and 16 digits.
        var end = start
        let limit = min(strings.count, start + ELFLimits.pathLength)
        while end < limit, strings[end] != 0 { end += 1 }
        let isRust =
            end - start > 22 && strings[end - 1] == 0x45 && strings[end - 20] == 0x31 && strings[end - 19] == 0x37
            && strings[end - 18] == 0x68
        if isRust {
            if firstRustSymbol == nil { firstRustSymbol = offset }
        } else if firstCxxSymbol == nil {
            firstCxxSymbol = offset
        }
    }

    /// Whether the name is `__…_chk` and none of the stack protector's.
    static func isChecked(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Bool {
        guard count > 6, bytes[start] == 0x5F, bytes[start + 1] == 0x5F else { return false }
        let end = start + count
        return bytes[end - 4] == 0x5F && bytes[end - 3] == 0x63 && bytes[end - 2] == 0x68 && bytes[end - 1] == 0x6B
    }
}

extension ELFSymbolTable {
    /// `st_value` of the entry at `at`.
    func value(_ at: Int) -> UInt64 { is64 ? table.u64(at + 8) : UInt64(table.u32(at + 4)) }

    /// `st_size` of the entry at `at`.
    func size(_ at: Int) -> UInt64 { is64 ? table.u64(at + 16) : UInt64(table.u32(at + 8)) }
}
