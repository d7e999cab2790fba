import AssayFacts
import AssayFindings
import AssayPolicy

/// Stored function pointers are obfuscated by the C library.
///
/// Why: setjmp buffers and exit handlers hold function pointers; mangled with a secret, an overwritten one does not
/// lead
/// where the attacker wants.
///
/// Proof: the instructions in the subject's C library that mix pointers with the thread's pointer guard (x86-64: xor
/// with
/// %fs:0x30; arm64: the symbol __pointer_chk_guard). musl has no pointer guard.
///
/// Remedy: use glibc, or accept it for musl.
///
/// Reference: https://sourceware.org/glibc/wiki/PointerEncryption
enum PointerGuardCheck: Check {
    static let id = "libc.pointer-guard"
    static let severity = Severity.low

    static func evaluate(_ facts: Facts, _ context: CheckContext) -> Judgement {
        .cLibraries(facts, context, feature: "pointer obfuscation", property: \.pointerGuardUses)
    }
}
