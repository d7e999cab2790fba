/// The processor architecture that a kernel is built for.
public enum KernelArchitecture: Hashable, Sendable, CustomStringConvertible {
    /// 64-bit x86.
    case x86x64
    /// 32-bit x86.
    case x86x32
    /// 64-bit Arm.
    case arm64
    /// 32-bit Arm.
    case arm
    /// 64-bit RISC-V.
    case riscv64
    /// Another one, named as the kernel's `ARCH` names it.
    case other(String)

    /// The name that `uname -m` gives, or the kernel's own for another architecture.
    public var description: String {
        switch self {
        case .x86x64: "x86_64"
        case .x86x32: "i686"
        case .arm64: "aarch64"
        case .arm: "arm"
        case .riscv64: "riscv64"
        case .other(let name): name
        }
    }

    /// What the `ARCH` of a configuration's header says; nil for `x86` and `riscv`, which leave the width open.
    init?(header name: String) {
        switch name {
        case "x86", "riscv", "": return nil
        case "x86_64": self = .x86x64
        case "i386": self = .x86x32
        case "arm64": self = .arm64
        case "arm": self = .arm
        default: self = .other(name)
        }
    }
}
