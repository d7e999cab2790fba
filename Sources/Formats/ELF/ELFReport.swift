public import AssayBytes

/// What was seen and where, in words for a report.
public struct ELFEvidence: Hashable, Sendable, CustomStringConvertible {
    /// What was seen.
    public let text: String
    /// Where in the file, when one place shows it.
    public let offset: ByteOffset?

    init(_ text: String, at offset: UInt64?) {
        self.text = text
        self.offset = offset.map { ByteOffset($0) }
    }

    /// The text with its place.
    public var description: String {
        guard let offset else { return text }
        return "\(text) (offset \(offset.rawValue))"
    }
}

/// A value with the evidence for it.
public struct Observed<Value: Hashable & Sendable>: Hashable, Sendable {
    /// The value.
    public let value: Value
    /// What shows it.
    public let evidence: ELFEvidence

    init(_ value: Value, _ text: String, at offset: UInt64? = nil) {
        self.value = value
        evidence = ELFEvidence(text, at: offset)
    }
}

/// Relocation read-only: how much of the global offset table is read-only once the loader is done.
public enum RELRO: String, Hashable, Sendable {
    /// Nothing is.
    case none
    /// The segment is there, but the table of function addresses stays writable or outside it.
    case partial
    /// All of the global offset table is.
    case full
    /// A static object with the segment: the most that it can have.
    case segmentOnly
    /// Not an object that is loaded.
    case notApplicable
}

/// Whether the loader binds all functions at start.
public enum BindNow: String, Hashable, Sendable {
    /// It does.
    case now
    /// Functions are bound at their first call.
    case lazy
    /// Nothing is bound at run time.
    case notApplicable
}

/// What the kernel or the loader makes of the stack.
public enum StackExecution: String, Hashable, Sendable {
    /// Data on the stack cannot run.
    case nonExecutable
    /// Data on the stack can run.
    case executable
    /// Every readable page can run (`READ_IMPLIES_EXEC`).
    case everythingExecutable
    /// The header is missing and this machine's rule for that is not known.
    case unknown
    /// Not an object that is loaded.
    case notApplicable
}

/// What is known about the stack protector.
public enum StackProtector: Hashable, Sendable {
    /// The compiler's own record says that all of it was compiled with `-fstack-protector-strong` or `-all`.
    case strong
    /// Functions of the object check a canary; `count` places or symbols show it.
    case present(count: Int)
    /// A function has a frame that needs a canary, and no canary is there.
    case absent
    /// The file does not tell.
    case inconclusive(reason: String)
    /// The question does not arise.
    case notApplicable(reason: String)
}

/// What FORTIFY did, measured against the subject's own C library.
public enum Fortify: Hashable, Sendable {
    /// Names of checked functions that are called, and of plain ones that have a checked form; sorted.
    case measured(fortified: [String], unfortified: [String])
    /// Nothing that FORTIFY could change.
    case notApplicable(reason: String)
    /// The file or the missing C library does not tell; the checked functions that were seen nevertheless, sorted.
    case unknown(reason: String, fortified: [String])
}

/// Processor features for control-flow integrity that the object allows to be turned on.
public struct ControlFlowProtection: Hashable, Sendable {
    /// x86 indirect branch tracking.
    public let indirectBranchTracking: Bool
    /// x86 shadow stack.
    public let shadowStack: Bool
    /// Arm branch target identification.
    public let branchTargets: Bool
    /// Arm return address signing.
    public let pointerAuthentication: Bool
    /// Arm guarded control stack.
    public let guardedControlStack: Bool
}

/// A source language.
public enum ELFLanguage: String, Hashable, Sendable {
    /// C, or assembler linked as C.
    case c = "C"
    /// C++.
    case cxx = "C++"
    /// Go.
    case go = "Go"
    /// Rust.
    case rust = "Rust"
    /// Swift.
    case swift = "Swift"
    /// Nothing tells.
    case unknown
}

/// A loadable segment that can be written and run.
public struct WritableCodeSegment: Hashable, Sendable {
    /// Address at which it is mapped.
    public let address: UInt64
    /// Bytes in memory.
    public let memorySize: ByteCount
    /// Where its header lies.
    public let evidence: ELFEvidence
}

/// Everything that one pass tells about an object.
///
/// Strings taken from the file are in the form of `EscapedText`: printable text as it is, other bytes as `\xHH`.
public struct ELFReport: Hashable, Sendable {
    /// Word size.
    public let elfClass: ELFClass
    /// Byte order.
    public let endianness: Endianness
    /// Instruction set.
    public let machine: ELFMachine
    /// What the object is for.
    public let type: Observed<ELFType>
    /// The loader that the kernel starts for it.
    public let interpreter: Observed<String>?
    /// The library's own name.
    public let soname: Observed<String>?
    /// The libraries that it asks for, in order.
    public let needed: [Observed<String>]
    /// Relocation read-only.
    public let relro: Observed<RELRO>
    /// Binding at start.
    public let bindNow: Observed<BindNow>
    /// The stack.
    public let stack: Observed<StackExecution>
    /// The stack protector.
    public let stackProtector: Observed<StackProtector>
    /// FORTIFY.
    public let fortify: Observed<Fortify>
    /// Control-flow protection; nil where the machine has none that we know.
    public let controlFlow: Observed<ControlFlowProtection>?
    /// Whether the loader must write to code to relocate it; nil when nothing is relocated.
    public let textRelocations: Observed<Bool>?
    /// Segments that can be written and run.
    public let writableCode: [WritableCodeSegment]
    /// Library search path entries, each with its own verdict-free class.
    public let searchPaths: [SearchPathEntry]
    /// Whether the linker's symbol table is gone.
    public let isStripped: Observed<Bool>
    /// Whether it holds debug information.
    public let hasDebugInformation: Observed<Bool>
    /// Whether it has section headers.
    public let hasSectionHeaders: Bool
    /// Lower-case hexadecimal build-id.
    public let buildID: Observed<String>?
    /// The main source language.
    public let language: Observed<ELFLanguage>
    /// Compilers that left their name in `.comment`, in order.
    public let producers: [String]
    /// The `DT_NEEDED` entry for libseccomp.
    public let linksLibseccomp: Observed<String>?
    /// Whether it calls or provides the C++ runtime's check of `new[]` sizes.
    public let newArrayCheck: Observed<SymbolUse>?
    /// Clang's cross-module control-flow integrity.
    public let clangCFI: Observed<String>?
    /// Clang's SafeStack.
    public let safeStack: Observed<String>?
    /// Symbols that were looked at.
    public let symbolCount: Int
}

/// How an object uses a symbol.
public enum SymbolUse: String, Hashable, Sendable {
    /// Another object must provide it.
    case imported
    /// It provides it.
    case defined
}
