/// Which language an object was written in, by what its compiler leaves.
struct LanguageAnalysis {
    let file: ELFFile
    let needed: [[UInt8]]
    let symbols: SymbolFacts?
    let producers: Producers

    func language() throws -> Observed<ELFLanguage> {
        try go() ?? swift() ?? rust() ?? cxx() ?? c() ?? Observed(.unknown, "no compiler's trace")
    }

    private func go() throws -> Observed<ELFLanguage>? {
        if let note = file.notes.all.first(where: { $0.isGo && $0.type == 4 }) {
            return Observed(.go, "Go build-id note", at: note.offset)
        }
        for name in [".go.buildinfo", ".gopclntab", ".note.go.buildid"] {
            if let section = file.sections.first(named: name) {
                return Observed(.go, "section \(name)", at: section.offset)
            }
        }
        // Without section headers: the build information begins the writable data (Go, debug/buildinfo).
        guard !file.hasSectionHeaders else { return nil }
        let magic: [UInt8] = [0xFF] + Array(" Go buildinf:".utf8)
        for segment in file.segments.loads where segment.isWritable && segment.fileSize >= 32 {
            let bytes = try file.reader.bytes(at: segment.offset, count: 32, "data segment")
            if bytes.starts(with: magic) { return Observed(.go, "Go build information", at: segment.offset) }
        }
        return nil
    }

    private func swift() -> Observed<ELFLanguage>? {
        if let section = file.sections.all.first(where: {
            $0.name.hasPrefix("swift5_") || $0.name == ".swift1_autolink_entries"
        }) {
            return Observed(.swift, "section \(section.name)", at: section.offset)
        }
        if needed.contains(where: { $0.starts(with: Array("libswiftCore.so".utf8)) }) {
            return Observed(.swift, "needs libswiftCore.so")
        }
        if let offset = symbols?.firstSwiftSymbol, symbols?.first(.swiftRetain, .swiftRelease) != nil {
            return Observed(.swift, "Swift symbols", at: offset)
        }
        return nil
    }

    private func rust() throws -> Observed<ELFLanguage>? {
        if let name = producers.names.first(where: { $0.hasPrefix("rustc version") }) {
            return Observed(.rust, ".comment names \(name)", at: producers.commentOffset)
        }
        if let hit = symbols?.first(.rustPersonality) {
            return Observed(.rust, "symbol rust_eh_personality", at: hit.offset)
        }
        if let offset = symbols?.firstRustSymbol { return Observed(.rust, "mangled Rust symbol", at: offset) }
        // Stripped Rust unwinds like C++ but never asks for the C++ runtime; its panics name the compiler's source.
        guard let symbols, symbols.first(.unwindResume, .unwindBacktrace, importsOnly: true) != nil,
            symbols.first(.cxxPersonality) == nil, symbols.firstCxxSymbol == nil
        else { return nil }
        return try rustPanicText().map { Observed(.rust, "text '/rustc/' of Rust's panics", at: $0) }
    }

    private func rustPanicText() throws -> UInt64? {
        let needle = Array("/rustc/".utf8)
        var left = ELFLimits.scannedData
        var found: UInt64?
        for segment in file.segments.loads where !segment.isExecutable && !segment.isWritable && found == nil {
            let count = min(segment.fileSize, left)
            left -= count
            _ = try WindowWalk(reader: file.reader).each(segment.offset, count) { bytes, offset, starts in
                if let at = BytePattern.first(needle, in: bytes), at < starts { found = offset + UInt64(at) }
                return found == nil
            }
        }
        return found
    }

    private func cxx() -> Observed<ELFLanguage>? {
        for library in ["libstdc++.so", "libc++.so"]
        where needed.contains(where: { $0.starts(with: Array(library.utf8)) }) {
            return Observed(.cxx, "needs \(library)")
        }
        if let hit = symbols?.first(.cxxPersonality) {
            return Observed(.cxx, "symbol __gxx_personality_v0", at: hit.offset)
        }
        if let offset = symbols?.firstCxxSymbol { return Observed(.cxx, "mangled C++ symbol", at: offset) }
        return nil
    }

    private func c() -> Observed<ELFLanguage>? {
        if let name = producers.names.first(where: { $0.hasPrefix("GCC") || $0.contains("clang") }) {
            return Observed(.c, ".comment names \(name)", at: producers.commentOffset)
        }
        if let hit = symbols?.first(.libcStartMain, .libcStart32, .cxaFinalize) {
            return Observed(.c, "symbol \(hit.name.rawValue) of the C start-up code", at: hit.offset)
        }
        if let name = needed.first(where: { $0.starts(with: Array("libc.".utf8)) }) {
            return Observed(.c, "needs \(String(decoding: name, as: UTF8.self))")
        }
        return nil
    }
}
