/// FORTIFY, counted against the C library of the same subject.
struct FortifyAnalysis {
    let file: ELFFile
    let language: ELFLanguage
    let functions: FortifiableFunctions?
    let symbols: SymbolFacts?
    let usesMusl: Bool

    private typealias Result = Observed<Fortify>

    func result() -> Observed<Fortify> {
        let checked = Set(symbols?.checkedImports ?? []).sorted()
        switch file.type {
        case .debugFile, .core, .other:
            return Result(.notApplicable(reason: "holds no code"), "type \(file.type.rawValue)")
        case .relocatable:
            return Result(
                .unknown(reason: "a relocatable object is not linked yet", fortified: checked), "symbol table")
        case .kernelModule:
            return Result(.notApplicable(reason: "the kernel's own FORTIFY leaves no such symbols"), "kernel module")
        case .staticExecutable, .staticPIE: return staticResult()
        case .executable, .pie, .sharedObject: break
        }
        if checked.isEmpty {
            switch language {
            case .go, .rust:
                let name = language.rawValue
                return Result(
                    .notApplicable(reason: "\(name) does not call C's unchecked functions"), "language \(name)")
            default: break
            }
        }
        if usesMusl { return Result(.notApplicable(reason: "musl has no checked functions"), "links musl") }
        guard let functions else {
            return Result(
                .unknown(reason: "no C library of this subject is known", fortified: checked),
                "\(checked.count) checked functions imported")
        }
        guard functions.count > 0 else {
            return Result(
                .notApplicable(reason: "the subject's C library has no checked functions"), "libc exports none")
        }
        let fortified = checked.filter { functions.checked.contains($0) }
        let plain = (symbols?.fortifiable ?? []).sorted()
        guard !fortified.isEmpty || !plain.isEmpty else {
            return Result(.notApplicable(reason: "calls no function that FORTIFY could change"), "dynamic symbols")
        }
        return Result(
            .measured(fortified: fortified, unfortified: plain),
            "\(fortified.count) checked, \(plain.count) unchecked functions imported")
    }

    /// A static object's symbols mix its own code's with the C library's.
    private func staticResult() -> Observed<Fortify> {
        if language == .go || language == .rust {
            let name = language.rawValue
            return Result(.notApplicable(reason: "\(name) does not call C's unchecked functions"), "language \(name)")
        }
        guard let symbols else {
            return Result(.unknown(reason: "static and stripped: no symbol is left", fortified: []), "no symbol table")
        }
        let names = Set(symbols.checkedDefinitions).sorted()
        return Result(
            .unknown(reason: "static: the C library's own calls count too", fortified: names),
            "\(names.count) checked functions linked in")
    }
}
