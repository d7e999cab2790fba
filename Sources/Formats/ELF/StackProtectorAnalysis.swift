/// The ladder of evidence for the stack protector: records, symbols, code, then what is left open.
struct StackProtectorAnalysis {
    let file: ELFFile
    let language: ELFLanguage
    let producers: Producers
    /// Dynamic symbols, or the linker's where nothing is dynamic.
    let symbols: SymbolFacts?

    private typealias Result = Observed<StackProtector>

    func result() throws -> Observed<StackProtector> {
        switch file.type {
        case .debugFile: return Result(.notApplicable(reason: "debug file: holds no code"), "debug file")
        case .core, .other: return Result(.notApplicable(reason: "not a program"), "type \(file.type.rawValue)")
        default: break
        }
        if file.machine == .bpf { return Result(.notApplicable(reason: "BPF has no stack protector"), "machine bpf") }
        if let recorded = recorded() { return recorded }
        if !file.type.isStatic, let hit = imported() { return hit }
        switch language {
        case .go, .rust, .swift:
            let name = language.rawValue
            return Result(.notApplicable(reason: "\(name) checks bounds itself"), "language \(name)")
        default: break
        }
        return file.type.isStatic ? try staticResult() : try codeResult()
    }

    /// The compiler's own record: the only proof of *strong*.
    private func recorded() -> Observed<StackProtector>? {
        guard let offset = producers.recordOffset, producers.protected > 0 else { return nil }
        let total = producers.protected + producers.unprotected
        let text = "\(producers.recordSource): \(producers.protected) of \(total) records with -fstack-protector-strong"
        // Mixed records may be of start-up code and of libraries linked in alone, and the program's own code have none.
        guard producers.unprotected == 0 else { return nil }
        return Result(.strong, text, at: offset)
    }

    /// A call of the failure function, or a use of the guard, that another object provides.
    private func imported() -> Observed<StackProtector>? {
        // An object file can name the local function without a use of it, as glibc's gcrt1.o does; code that does use it
        // reads the canary, which the ladder's next steps see.
        let local: SymbolFacts.Known = file.type == .relocatable ? .intelCookie : .stackCheckFailLocal
        let hit = symbols?.first(
            .stackCheckFail, local, .stackCheckGuard, .stackCheckGuardReference, .intelCookie, importsOnly: true)
        if let hit { return Result(.present(count: 1), "imports \(hit.name.rawValue)", at: hit.offset) }
        // Linked into a shared object from libc_nonshared.a; libc itself defines only the public name.
        let own = symbols?.first(local, .intelCookie)
        return own.map { Result(.present(count: 1), "defines \($0.name.rawValue)", at: $0.offset) }
    }

    /// An object that loads: its code decides.
    private func codeResult() throws -> Observed<StackProtector> {
        let code = CodeRegions(file)
        guard !code.regions.isEmpty else { return Result(.notApplicable(reason: "holds no code"), "no code") }
        // The C library defines the one, the loader of machines whose canary is a symbol the other.
        let definition = symbols?.first(.stackCheckFail, .stackCheckGuard)
        guard CanaryScan.knows(file.machine) else { return try codeWithoutPattern(code, definition) }
        let matches = try code.canaries()
        if let first = matches.first {
            return Result(.present(count: matches.count), "canary loads in code", at: first)
        }
        guard code.isComplete else {
            return Result(.inconclusive(reason: "more code than is looked at, none of it with a canary"), "code scan")
        }
        return try withoutCanary(code, "no canary load in code and no symbol of the stack protector")
    }

    /// Machines whose canary is a symbol: without the symbol there is none.
    private func codeWithoutPattern(
        _ code: CodeRegions, _ definition: SymbolFacts.Hit?
    ) throws -> Observed<StackProtector> {
        if let definition {
            return Result(
                .inconclusive(reason: "defines \(definition.name.rawValue) for others; its own code does not tell"),
                "defines \(definition.name.rawValue)", at: definition.offset)
        }
        guard file.machine == .aarch64 else {
            return Result(
                .inconclusive(reason: "code of \(file.machine) is not read, and no symbol tells"), "no symbol")
        }
        return try withoutCanary(code, "no use of __stack_chk_guard or __stack_chk_fail")
    }

    private func withoutCanary(_ code: CodeRegions, _ text: String) throws -> Observed<StackProtector> {
        if let frame = try code.protectableFrame() {
            return Result(.absent, "\(text); a function takes the address of a local", at: frame)
        }
        return Result(.inconclusive(reason: "no canary, and no frame that would need one was seen"), text)
    }

    /// A static object holds the C library's code, which has canaries of its own: only `main` is surely not the library's.
    private func staticResult() throws -> Observed<StackProtector> {
        let code = CodeRegions(file)
        guard CanaryScan.knows(file.machine) else {
            return Result(
                .inconclusive(reason: "static: symbols of the C library do not speak for the program's own code"),
                "static object")
        }
        let matches = try code.canaries()
        guard let first = matches.first else {
            return try withoutCanary(code, "static object without any canary load")
        }
        guard let main = try code.mainFunction(symbols) else {
            return Result(
                .inconclusive(reason: "static: \(matches.count) canary loads, which may all be the C library's"),
                "canary loads in code", at: first)
        }
        if let canary = main.canary { return Result(.present(count: 1), "canary load in main", at: canary) }
        if let frame = main.frame {
            return Result(.absent, "main takes the address of a local and has no canary", at: frame)
        }
        return Result(
            .inconclusive(reason: "static: main needs no canary, and other code may be the C library's"),
            "main has no canary", at: main.offset)
    }
}
