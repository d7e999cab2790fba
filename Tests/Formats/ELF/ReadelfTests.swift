import AssayBytes
import AssayELF
import Foundation
import Testing

/// The facts that binutils' readelf prints about one file.
private struct ReadelfFacts {
    var type = ""
    var hasInterpreter = false
    var hasRelro = false
    var stackFlags: String?
    var needed: [String] = []
    var soname: String?
    var isNow = false
    var isPIE = false
    var hasDynamic = false
    var checked = Set<String>()
    var importsCanary = false
    var dynamicSymbols = 0
    var buildID: String?

    init(_ text: some Sequence<Substring>) {
        for line in text {
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            if line.hasPrefix("Elf file type is ") { type = String(words[4]) }
            guard let first = words.first else { continue }
            switch first {
            case "INTERP": hasInterpreter = true
            case "GNU_RELRO": hasRelro = true
            case "DYNAMIC": hasDynamic = true
            case "GNU_STACK": stackFlags = words.dropFirst(6).dropLast().joined()
            case "Symbol" where line.contains(".dynsym"): dynamicSymbols = words.compactMap { Int($0) }.last ?? 0
            default: break
            }
            if line.contains("Build ID: ") { buildID = words.last.map(String.init) }
            if line.contains("(NEEDED)") { needed.append(ReadelfFacts.bracketed(line)) }
            if line.contains("(SONAME)") { soname = ReadelfFacts.bracketed(line) }
            if line.contains("(BIND_NOW)") { isNow = true }
            if line.contains("(FLAGS)"), words.contains("BIND_NOW") { isNow = true }
            if line.contains("(FLAGS_1)") {
                if words.contains("NOW") { isNow = true }
                isPIE = words.contains("PIE")
            }
            if words.count >= 8, words[6] == "UND" {
                let name = words[7].prefix { $0 != "@" }
                if name.hasPrefix("__stack_chk_") { importsCanary = true }
                if name.hasPrefix("__"), name.hasSuffix("_chk") { checked.insert(String(name)) }
            }
        }
    }

    private static func bracketed(_ line: Substring) -> String {
        String(line.drop { $0 != "[" }.dropFirst().prefix { $0 != "]" })
    }
}

private let folders = ["/usr/bin", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/sbin"]

/// Every seventh regular ELF file of up to 8 MiB, at most 200.
private func sample() -> [String] {
    var result: [String] = []
    for folder in folders {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for (number, name) in names.sorted().enumerated() where number % 7 == 0 && result.count < 200 {
            let path = folder + "/" + name
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            guard attributes?[.type] as? FileAttributeType == .typeRegular,
                let size = attributes?[.size] as? Int, size > 4, size < 8 << 20,
                let handle = FileHandle(forReadingAtPath: path),
                let head = try? handle.read(upToCount: 4), ELFFile.isELF(head)
            else { continue }
            result.append(path)
        }
    }
    return result
}

@Test(.enabled(if: Tool.exists("readelf") || Tool.isPipeline))
func `files of this system are read as readelf reads them`() throws {
    let paths = sample()
    try #require(paths.count > 5)
    let output = try Tool.run(["readelf", "-lWd", "--dyn-syms", "-n"] + paths)
    var sections: [String: [Substring]] = [:]
    var current = ""
    for line in output.split(separator: "\n") {
        if line.hasPrefix("File: ") {
            current = String(line.dropFirst(6))
        } else {
            sections[current, default: []].append(line)
        }
    }
    for path in paths {
        let bytes = Array(try Data(contentsOf: URL(filePath: path)))
        let report = try ELFReport(ByteArraySource(bytes), fortifiable: nil)
        let wanted = ReadelfFacts(try #require(sections[path]))
        let isDynamic = wanted.hasInterpreter || wanted.hasDynamic
        switch report.type.value {
        case .executable: #expect(wanted.type == "EXEC" && isDynamic, "\(path)")
        case .staticExecutable: #expect(wanted.type == "EXEC" && !wanted.hasInterpreter, "\(path)")
        case .pie: #expect(wanted.type == "DYN" && wanted.hasInterpreter, "\(path)")
        case .staticPIE: #expect(wanted.type == "DYN" && wanted.isPIE && !wanted.hasInterpreter, "\(path)")
        case .sharedObject: #expect(wanted.type == "DYN" && !wanted.isPIE, "\(path)")
        default: #expect(wanted.type != "EXEC", "\(path)")
        }
        guard report.type.value.isLoadable else { continue }
        #expect((report.bindNow.value == .now) == wanted.isNow, "bind-now of \(path)")
        #expect((report.relro.value != .none) == wanted.hasRelro, "RELRO of \(path)")
        if let flags = wanted.stackFlags {
            #expect((report.stack.value == .executable) == flags.contains("E"), "stack of \(path)")
        }
        #expect(report.needed.map(\.value) == wanted.needed, "needed of \(path)")
        #expect(report.soname?.value == wanted.soname, "soname of \(path)")
        #expect(report.buildID?.value == wanted.buildID, "build-id of \(path)")
        if wanted.importsCanary {
            #expect(report.stackProtector.value.kind == "present", "canary of \(path)")
        }
        guard !report.type.value.isStatic else { continue }
        #expect(report.symbolCount == wanted.dynamicSymbols, "symbols of \(path)")
        if case .unknown(_, let fortified) = report.fortify.value {
            #expect(Set(fortified) == wanted.checked, "fortified of \(path)")
        }
    }
}
