public import AssayBytes

extension ELFReport {
    /// Judges the object in `source` in one pass.
    ///
    /// - Parameters:
    ///   - source: the file's bytes.
    ///   - functions: what the subject's own C library can check, or nil when the subject has none that is known.
    /// - Throws: `ELFError` when the file is not ELF or malformed, or the source's own error.
    public init(_ source: any ByteSource, fortifiable functions: FortifiableFunctions?) throws {
        try self.init(ELFFile(source), fortifiable: functions)
    }

    /// Judges `file`.
    ///
    /// - Parameters:
    ///   - file: the object.
    ///   - functions: what the subject's own C library can check, or nil when the subject has none that is known.
    /// - Throws: `ELFError` when a table that the analysis needs is malformed, or the source's own error.
    public init(_ file: ELFFile, fortifiable functions: FortifiableFunctions?) throws {
        typealias Tag = ELFDynamic.Tag
        let loader = LoaderAnalysis(file: file)
        let libraries = try file.dynamic?.strings(Tag.needed) ?? []
        var producers = try Producers(comment: file)
        // A Go program's symbol table can hold a million names, and none of them matters here.
        let isGo = file.notes.all.contains { $0.isGo } || file.sections.first(named: ".gopclntab") != nil
        var facts = try file.dynamicFacts(fortifiable: functions)
        let hasNoImports = file.type.isStatic || !file.type.isLoadable
        if hasNoImports, !isGo, file.type != .debugFile, file.type != .core {
            facts = try file.linkerFacts(fortifiable: functions) ?? facts
        }
        let language = try LanguageAnalysis(
            file: file, needed: libraries.map(\.bytes), symbols: facts, producers: producers
        ).language()
        if file.type != .debugFile, file.type != .core { try producers.readRecords(file) }

        elfClass = file.elfClass
        endianness = file.endianness
        machine = file.machine
        type = Observed(file.type, file.typeEvidence)
        let interpreterPath = try loader.interpreter()
        interpreter = interpreterPath
        soname = try file.dynamic?.last(Tag.soname).map { entry in
            let string = try file.dynamic?.string(entry)
            return Observed(EscapedText(string?.bytes ?? []).description, "DT_SONAME", at: entry.offset)
        }
        needed = libraries.map { Observed(EscapedText($0.bytes).description, "DT_NEEDED", at: $0.offset) }
        bindNow = loader.bindNow()
        relro = loader.relro(bindNow.value)
        stack = loader.stack()
        stackProtector = try StackProtectorAnalysis(
            file: file, language: language.value, producers: producers, symbols: facts
        ).result()
        let usesMusl =
            interpreterPath?.value.contains("/ld-musl-") == true
            || libraries.contains { $0.bytes.starts(with: Array("libc.musl-".utf8)) }
        fortify = FortifyAnalysis(
            file: file, language: language.value, functions: functions, symbols: facts, usesMusl: usesMusl
        ).result()
        controlFlow = try loader.controlFlow()
        textRelocations = loader.textRelocations()
        writableCode = loader.writableCode()
        searchPaths = try ELFReport.searchPaths(file)
        isStripped = ELFReport.stripped(file)
        hasDebugInformation = ELFReport.debugInformation(file)
        hasSectionHeaders = file.hasSectionHeaders
        buildID = file.notes.first(gnu: 3).map {
            Observed(Hex.encode($0.description.prefix(64)), "NT_GNU_BUILD_ID", at: $0.offset)
        }
        self.language = language
        self.producers = producers.names
        linksLibseccomp = needed.first { $0.value.hasPrefix("libseccomp.so") }
        newArrayCheck = facts?.first(.badArrayNewLength).map {
            Observed($0.isImport ? .imported : .defined, $0.name.rawValue, at: $0.offset)
        }
        clangCFI = ELFReport.symbol(facts?.first(.cfiCheck, .cfiSlowPath, .cfiSlowPathDiagnostic))
        safeStack = ELFReport.symbol(facts?.first(.safeStackInit, .safeStackPointer))
        symbolCount = facts?.count ?? 0
    }

    private static func symbol(_ hit: SymbolFacts.Hit?) -> Observed<String>? {
        hit.map { Observed($0.name.rawValue, $0.isImport ? "imported" : "defined", at: $0.offset) }
    }

    private static func searchPaths(_ file: ELFFile) throws -> [SearchPathEntry] {
        guard let dynamic = file.dynamic else { return [] }
        let tags: [(UInt64, SearchPathEntry.Tag)] = [
            (ELFDynamic.Tag.rpath, .rpath), (ELFDynamic.Tag.runpath, .runpath),
        ]
        var result: [SearchPathEntry] = []
        for (tag, name) in tags {
            // The loader keeps the last entry of each tag.
            guard let entry = dynamic.last(tag) else { continue }
            result += SearchPathEntry.split(try dynamic.string(entry), tag: name)
        }
        return result
    }

    private static func stripped(_ file: ELFFile) -> Observed<Bool> {
        guard file.hasSectionHeaders else { return Observed(true, "no section headers", at: nil) }
        if let table = file.sections.all.first(where: { $0.type == SectionType.symbolTable }) {
            return Observed(false, "symbol table \(table.name)", at: table.offset)
        }
        return Observed(true, "no symbol table among the sections", at: file.sections.tableOffset)
    }

    private static func debugInformation(_ file: ELFFile) -> Observed<Bool> {
        let section = file.sections.all.first { [".debug_info", ".zdebug_info", ".stab"].contains($0.name) }
        if let section { return Observed(true, "section \(section.name)", at: section.offset) }
        return Observed(false, "no .debug_info or .stab section", at: nil)
    }
}

extension Observed {
    init(_ value: Value, _ evidence: ELFEvidence) {
        self.value = value
        self.evidence = evidence
    }
}
