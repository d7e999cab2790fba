import AssayBytes
import AssayELF
import AssayFacts

extension ELFFileFacts {
    /// Restates what the ELF engine found as facts of the file at `path`.
    init(_ report: ELFReport, path: String, size: UInt64, mode: UInt32) {
        self.init(
            path: path, kind: Kind(report.type.value),
            machine: "\(report.machine) \(report.elfClass == .elf64 ? 64 : 32)",
            language: report.language.value.rawValue, size: size, mode: mode)
        pie = ELFFileFacts.pie(report)
        relro = ELFFileFacts.relro(report.relro)
        bindNow = ELFFileFacts.bindNow(report.bindNow)
        nonExecutableStack = ELFFileFacts.stack(report.stack)
        stackProtector = ELFFileFacts.stackProtector(report.stackProtector)
        (fortify, fortifiedCount, fortifiableCount) = ELFFileFacts.fortify(report.fortify)
        controlFlow = ELFFileFacts.controlFlow(report)
        if let relocations = report.textRelocations {
            noTextRelocations = Property(
                relocations.value ? .no : .yes, relocations.evidence.text,
                offset: relocations.evidence.offset?.rawValue)
        }
        if kind.isLoaded {
            noWritableCode =
                report.writableCode.first.map {
                    Property(
                        .no, "segment at 0x\(String($0.address, radix: 16)): \($0.evidence.text)",
                        offset: $0.evidence.offset?.rawValue)
                } ?? Property(.yes, "no segment is writable and executable")
        }
        runPaths = report.searchPaths.map { "\($0.tag.rawValue) \($0.path)" }
        unsafeRunPaths = report.searchPaths.compactMap { entry in
            switch entry.kind {
            case .empty: "\(entry.tag.rawValue) has an empty entry: the current directory"
            case .relative: "\(entry.tag.rawValue) \(entry.path): relative to the current directory"
            case .worldWritable: "\(entry.tag.rawValue) \(entry.path): others can write there"
            // The loader ignores $ORIGIN for set-ID programs only when it is not in a trusted directory (ld.so(8)).
            case .origin: mode & 0o6000 != 0 ? "\(entry.tag.rawValue) \(entry.path): set-ID program" : nil
            case .absolute: nil
            }
        }
        isStripped = report.isStripped.value
        buildID = report.buildID?.value
        linksSeccomp = report.linksLibseccomp != nil
        allocator = report.needed.map(\.value).first { name in
            ELFFileFacts.allocators.contains { name.hasPrefix($0) }
        }
    }

    private static let allocators = ["libjemalloc.so", "libtcmalloc", "libmimalloc.so", "libhardened_malloc"]

    private static func pie(_ report: ELFReport) -> Property {
        let type = report.type
        let offset = type.evidence.offset?.rawValue
        return switch Kind(type.value) {
        case .pie, .staticPIE: Property(.yes, type.evidence.text, offset: offset)
        case .executable, .staticExecutable: Property(.no, type.evidence.text, offset: offset)
        case .sharedObject: Property(.notApplicable, "shared object: \(type.evidence.text)", offset: offset)
        case .relocatable, .kernelModule, .debugFile, .core, .other:
            Property(.notApplicable, type.evidence.text, offset: offset)
        }
    }

    private static func relro(_ observed: Observed<RELRO>) -> Property {
        let state: Property.State =
            switch observed.value {
            case .full: .yes
            // A static program has no more to protect than its segment.
            case .segmentOnly: .yes
            case .partial: .partial
            case .none: .no
            case .notApplicable: .notApplicable
            }
        return Property(state, observed.evidence.text, offset: observed.evidence.offset?.rawValue)
    }

    private static func bindNow(_ observed: Observed<BindNow>) -> Property {
        let state: Property.State =
            switch observed.value {
            case .now: .yes
            case .lazy: .no
            case .notApplicable: .notApplicable
            }
        return Property(state, observed.evidence.text, offset: observed.evidence.offset?.rawValue)
    }

    private static func stack(_ observed: Observed<StackExecution>) -> Property {
        let state: Property.State =
            switch observed.value {
            case .nonExecutable: .yes
            case .executable, .everythingExecutable: .no
            case .unknown: .inconclusive
            case .notApplicable: .notApplicable
            }
        return Property(state, observed.evidence.text, offset: observed.evidence.offset?.rawValue)
    }

    private static func stackProtector(_ observed: Observed<StackProtector>) -> Property {
        let offset = observed.evidence.offset?.rawValue
        return switch observed.value {
        case .strong: Property(.yes, "strong: \(observed.evidence.text)", offset: offset)
        case .present(let count):
            Property(
                .yes, count > 0 ? "\(observed.evidence.text), \(count) places" : observed.evidence.text, offset: offset)
        case .absent: Property(.no, observed.evidence.text, offset: offset)
        case .inconclusive(let reason): Property(.inconclusive, reason, offset: offset)
        case .notApplicable(let reason): Property(.notApplicable, reason, offset: offset)
        }
    }

    private static func fortify(_ observed: Observed<Fortify>) -> (Property, Int, Int) {
        switch observed.value {
        case .measured(let fortified, let unfortified):
            let state: Property.State =
                fortified.isEmpty
                ? (unfortified.isEmpty ? .notApplicable : .no) : (unfortified.isEmpty ? .yes : .partial)
            let names = unfortified.prefix(6).joined(separator: " ") + (unfortified.count > 6 ? " …" : "")
            let text = "\(fortified.count) checked, \(unfortified.count) not" + (names.isEmpty ? "" : ": \(names)")
            return (Property(state, text), fortified.count, unfortified.count)
        case .notApplicable(let reason): return (Property(.notApplicable, reason), 0, 0)
        case .unknown(let reason, let fortified): return (Property(.inconclusive, reason), fortified.count, 0)
        }
    }

    private static func controlFlow(_ report: ELFReport) -> Property {
        guard let observed = report.controlFlow else { return Property(.notApplicable, "no such protection here") }
        let value = observed.value
        let isARM = report.machine == .aarch64
        let parts: [(String, Bool)] =
            isARM
            ? [("BTI", value.branchTargets), ("PAC", value.pointerAuthentication)]
            : [("IBT", value.indirectBranchTracking), ("SHSTK", value.shadowStack)]
        let present = parts.filter(\.1).map(\.0)
        let state: Property.State = present.isEmpty ? .no : (present.count == parts.count ? .yes : .partial)
        return Property(
            state, present.isEmpty ? observed.evidence.text : present.joined(separator: " and "),
            offset: observed.evidence.offset?.rawValue)
    }
}

extension ELFFileFacts.Kind {
    /// Whether the kernel or the loader maps such a file.
    var isLoaded: Bool {
        switch self {
        case .executable, .pie, .staticExecutable, .staticPIE, .sharedObject: true
        case .relocatable, .kernelModule, .debugFile, .core, .other: false
        }
    }

    init(_ type: ELFType) {
        self =
            switch type {
            case .executable: .executable
            case .pie: .pie
            case .staticExecutable: .staticExecutable
            case .staticPIE: .staticPIE
            case .sharedObject: .sharedObject
            case .relocatable: .relocatable
            case .kernelModule: .kernelModule
            case .debugFile: .debugFile
            case .core: .core
            case .other: .other
            }
    }
}
