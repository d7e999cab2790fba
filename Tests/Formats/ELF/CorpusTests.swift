import AssayBytes
import AssayELF
import Foundation
import Testing

extension StackProtector {
    var kind: String {
        switch self {
        case .strong: "strong"
        case .present: "present"
        case .absent: "absent"
        case .inconclusive: "inconclusive"
        case .notApplicable: "notApplicable"
        }
    }
}

extension Fortify {
    var kind: String {
        switch self {
        case .measured: "measured"
        case .notApplicable: "notApplicable"
        case .unknown: "unknown"
        }
    }
}

/// The C library that the corpus was linked against.
enum HostLibc {
    static let path = ["/lib/x86_64-linux-gnu/libc.so.6", "/lib/aarch64-linux-gnu/libc.so.6", "/lib64/libc.so.6"]
        .first { FileManager.default.fileExists(atPath: $0) }

    static let bytes: [UInt8]? = path.flatMap { FileManager.default.contents(atPath: $0) }.map(Array.init)

    static let functions: FortifiableFunctions? = bytes.flatMap { try? FortifiableFunctions(libc: ByteArraySource($0)) }
}

@Test func `the corpus has recipes`() {
    #expect(Corpus.recipes.count > 50)
    #expect(Corpus.shared.files.count > 10)
}

@Test(arguments: Corpus.recipes)
func `a corpus file gets the verdicts of its recipe`(_ recipe: Corpus.Recipe) throws {
    guard let bytes = Corpus.shared.files[recipe.name] else {
        let reason = Corpus.shared.failures[recipe.name] ?? "not built"
        #expect(!Tool.isPipeline || recipe.optional == true, "\(reason)")
        return
    }
    let expect = recipe.expect
    if let code = expect.error {
        let error = #expect(throws: ELFError.self) {
            try ELFReport(ByteArraySource(bytes), fortifiable: HostLibc.functions)
        }
        #expect(error?.code.description == code)
        return
    }
    let report = try ELFReport(ByteArraySource(bytes), fortifiable: HostLibc.functions)
    func check<Value: Equatable>(_ name: String, _ found: Value?, _ wanted: Value?) {
        guard let wanted else { return }
        #expect(found == wanted, "\(name) of \(recipe)")
    }
    check("class", report.elfClass.rawValue, expect.class)
    check("machine", report.machine.description, expect.machine)
    check("type", report.type.value.rawValue, expect.type)
    check("relro", report.relro.value.rawValue, expect.relro)
    check("bind-now", report.bindNow.value.rawValue, expect.bindNow)
    check("stack", report.stack.value.rawValue, expect.stack)
    check("stack protector", report.stackProtector.value.kind, expect.stackProtector)
    check("fortify", report.fortify.value.kind, expect.fortify)
    if case .measured(let fortified, let unfortified) = report.fortify.value {
        check("fortified", fortified.count, expect.fortified)
        check("unfortified", unfortified.count, expect.unfortified)
    }
    check("language", report.language.value.rawValue, expect.language)
    check("text relocations", report.textRelocations?.value, expect.textrel)
    check("writable code", report.writableCode.count, expect.rwx)
    check("stripped", report.isStripped.value, expect.stripped)
    check("debug", report.hasDebugInformation.value, expect.debug)
    check("section headers", report.hasSectionHeaders, expect.sections)
    check("soname", report.soname?.value, expect.soname)
    check("interpreter", report.interpreter?.value, expect.interpreter)
    check("search paths", report.searchPaths.map(\.kind.rawValue), expect.searchPaths)
    check("search tag", report.searchPaths.first?.tag.rawValue, expect.searchTag)
    check("IBT", report.controlFlow?.value.indirectBranchTracking, expect.ibt)
    check("SHSTK", report.controlFlow?.value.shadowStack, expect.shstk)
    check("BTI", report.controlFlow?.value.branchTargets, expect.bti)
    check("PAC", report.controlFlow?.value.pointerAuthentication, expect.pac)
    check("new[]", report.newArrayCheck?.value.rawValue, expect.newArray)
    check("SafeStack", report.safeStack != nil, expect.safeStack)
}

@Test func `no C library means that FORTIFY is unknown and still lists what was seen`() throws {
    guard let bytes = Corpus.shared.files["full"] else { return }
    let report = try ELFReport(ByteArraySource(bytes), fortifiable: nil)
    #expect(
        report.fortify.value
            == .unknown(reason: "no C library of this subject is known", fortified: ["__strcpy_chk"]))
}

@Test(.enabled(if: HostLibc.bytes != nil || Tool.isPipeline))
func `the host's C library shows its protections`() throws {
    let bytes = try #require(HostLibc.bytes)
    let libc = try LibcHardening(ByteArraySource(bytes))
    #expect(libc.kind.value == .glibc)
    #expect(libc.version?.value.hasPrefix("2.") == true)
    #expect(libc.heapChecks.contains { $0.value == "malloc(): corrupted top size" })
    if let guards = libc.pointerGuardUses { #expect(guards.value > 0) }
    let functions = try #require(HostLibc.functions)
    #expect(functions.count > 60)
    #expect(functions.checkedNames.contains("__memcpy_chk"))
    #expect(!functions.checkedNames.contains("__stack_chk_fail"))
}

@Test func `the C++ runtime exports its check of array sizes`() throws {
    let path = "/usr/lib/x86_64-linux-gnu/libstdc++.so.6"
    guard let data = FileManager.default.contents(atPath: path) else { return }
    let runtime = try LibcHardening(ByteArraySource(Array(data)))
    #expect(runtime.newArrayCheck?.value == .defined)
    #expect(runtime.kind.value == .other)
}
