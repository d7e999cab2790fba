/// Word size of an object.
public enum ELFClass: String, Hashable, Sendable {
    /// 32-bit addresses.
    case elf32 = "ELF32"
    /// 64-bit addresses.
    case elf64 = "ELF64"
}

/// The instruction set of an object: `e_machine` (https://gabi.xinuos.com/elf/a-emachine.html).
public struct ELFMachine: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number in the header.
    public let rawValue: UInt16

    /// Makes the machine with this number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Intel 80386.
    public static let i386 = ELFMachine(rawValue: 3)
    /// MIPS.
    public static let mips = ELFMachine(rawValue: 8)
    /// 32-bit PowerPC.
    public static let powerPC = ELFMachine(rawValue: 20)
    /// 64-bit PowerPC.
    public static let powerPC64 = ELFMachine(rawValue: 21)
    /// IBM System/390.
    public static let s390 = ELFMachine(rawValue: 22)
    /// 32-bit Arm.
    public static let arm = ELFMachine(rawValue: 40)
    /// AMD x86-64.
    public static let x86x64 = ELFMachine(rawValue: 62)
    /// 64-bit Arm.
    public static let aarch64 = ELFMachine(rawValue: 183)
    /// RISC-V.
    public static let riscV = ELFMachine(rawValue: 243)
    /// Linux BPF virtual machine.
    public static let bpf = ELFMachine(rawValue: 247)
    /// LoongArch.
    public static let loongArch = ELFMachine(rawValue: 258)

    /// The usual name, or the number.
    public var description: String {
        switch self {
        case .i386: "i386"
        case .mips: "mips"
        case .powerPC: "ppc"
        case .powerPC64: "ppc64"
        case .s390: "s390x"
        case .arm: "arm"
        case .x86x64: "x86-64"
        case .aarch64: "aarch64"
        case .riscV: "riscv"
        case .bpf: "bpf"
        case .loongArch: "loongarch"
        default: "machine \(rawValue)"
        }
    }
}

/// What an object is for, as the loader and the tools treat it; finer than `e_type`.
public enum ELFType: String, Hashable, Sendable {
    /// Loaded at a fixed address, needs the dynamic loader.
    case executable
    /// Loaded at a fixed address, needs no loader.
    case staticExecutable
    /// Position-independent executable.
    case pie
    /// Position-independent executable that relocates itself.
    case staticPIE
    /// Shared object: a library, a plug-in, the loader itself.
    case sharedObject
    /// Relocatable object, the compiler's output.
    case relocatable
    /// Linux kernel module.
    case kernelModule
    /// Debug information cut off from its object; it holds no code.
    case debugFile
    /// Core dump.
    case core
    /// A type number that belongs to a processor or operating system.
    case other

    /// Whether the kernel or the loader can map it and run its code.
    public var isLoadable: Bool {
        switch self {
        case .executable, .staticExecutable, .pie, .staticPIE, .sharedObject: true
        case .relocatable, .kernelModule, .debugFile, .core, .other: false
        }
    }

    /// Whether it needs no dynamic loader.
    public var isStatic: Bool { self == .staticExecutable || self == .staticPIE }
}
