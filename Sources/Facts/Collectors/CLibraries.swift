import AssayBytes
import AssayELF
import AssayFacts
import AssayFileSystem

/// The C libraries of a subject, found before the walk: what they can check decides what FORTIFY means for every file.
struct CLibraries: Sendable {
    /// What each library can check, by machine (`x86-64 64`).
    let fortifiable: [String: FortifiableFunctions]
    /// What each library offers.
    let facts: [CLibraryFacts]
    /// Whether each libstdc++ checks the size of `new[]`.
    let newOverflowCheck: [Sourced<Bool>]
    /// Libraries that could not be read.
    let gaps: [Gap]

    /// Looks in the library directories of the subject, its own and no others.
    init(_ reader: SubjectReader) {
        var fortifiable: [String: FortifiableFunctions] = [:]
        var facts: [CLibraryFacts] = []
        var newOverflowCheck: [Sourced<Bool>] = []
        var gaps: [Gap] = []
        var seen: Set<[UInt64]> = []
        for directory in CLibraries.directories(reader) {
            for entry in reader.entries(directory).value ?? [] where CLibraries.isWanted(entry.name) {
                let path = directory.appending(entry.name)
                guard let status = reader.status(path).value, status.type == .regular,
                    seen.insert([status.device, status.inode]).inserted
                else { continue }
                do {
                    let file = try ELFFile(reader.root.open(path))
                    let hardening = try LibcHardening(file)
                    if entry.name.starts(with: Array("libstdc++".utf8)) {
                        newOverflowCheck.append(
                            Sourced(
                                hardening.newArrayCheck?.value == .defined,
                                Place(path.description, offset: hardening.newArrayCheck?.evidence.offset?.rawValue)))
                        continue
                    }
                    let functions = try FortifiableFunctions(libc: file)
                    let machine = "\(file.machine) \(file.elfClass == .elf64 ? 64 : 32)"
                    fortifiable[machine] = functions
                    facts.append(
                        CLibraries.library(
                            hardening, functions, path, machine: machine,
                            hasMallocDebug: reader.exists(directory.appending("libc_malloc_debug.so.0")) ?? false))
                } catch let error as ELFError where error.code == .notELF {
                    // In a development tree libc.so is a linker script.
                    continue
                } catch {
                    gaps.append(Gap(Place(path.description), reason: "\(error)"))
                }
            }
        }
        self.fortifiable = fortifiable
        self.facts = facts
        self.newOverflowCheck = newOverflowCheck
        self.gaps = gaps
    }

    /// The places where distributions keep the C library: `/lib*`, `/usr/lib*` and their multiarch directories.
    private static func directories(_ reader: SubjectReader) -> [TreePath] {
        var result: [TreePath] = []
        for base: TreePath in [
            "/lib", "/lib64", "/lib32", "/libx32", "/usr/lib", "/usr/lib64", "/usr/lib32", "/usr/libx32",
        ] {
            result.append(base)
            for entry in reader.entries(base).value ?? [] {
                // Multiarch directories are named after the platform (x86_64-linux-gnu, aarch64-linux-musl).
                if entry.text.contains("-linux-") { result.append(base.appending(entry.name)) }
            }
        }
        return result
    }

    private static func isWanted(_ name: [UInt8]) -> Bool {
        let text = String(decoding: name, as: UTF8.self)
        return text == "libc.so.6" || text.hasPrefix("ld-musl-") || text == "libc.so" || text == "libstdc++.so.6"
    }

    private static func library(
        _ hardening: LibcHardening, _ functions: FortifiableFunctions, _ path: TreePath, machine: String,
        hasMallocDebug: Bool
    ) -> CLibraryFacts {
        let guardUses: ELFFileFacts.Property
        if let uses = hardening.pointerGuardUses {
            guardUses = .init(
                uses.value > 0 ? .yes : .no, "\(uses.value) × \(uses.evidence.text)",
                offset: uses.evidence.offset?.rawValue)
        } else {
            guardUses = .init(.inconclusive, "the instructions of this machine are not known")
        }
        let checks = hardening.heapChecks
        let heap: ELFFileFacts.Property =
            if let first = checks.first {
                .init(
                    .yes, "\(checks.count) of \(LibcHardening.heapMessages.count) messages, first '\(first.value)'",
                    offset: first.evidence.offset?.rawValue)
            } else {
                .init(.no, "none of the messages of the heap's consistency checks")
            }
        return CLibraryFacts(
            kind: hardening.kind.value.rawValue, version: hardening.version?.value, machine: machine,
            place: Place(path.description, offset: hardening.kind.evidence.offset?.rawValue),
            checkedFunctions: functions.count, pointerGuardUses: guardUses, heapChecks: heap,
            hasMallocDebug: hasMallocDebug)
    }
}
