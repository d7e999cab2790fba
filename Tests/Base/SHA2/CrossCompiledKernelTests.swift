import AssayTestSupport
import Foundation
import Testing

/// A processor that is not the one of this machine, and the kernel that it must run.
struct CrossTarget: Sendable, CustomTestStringConvertible {
    let compiler: String
    let emulator: String
    let kernel: String

    var testDescription: String { emulator }

    /// Debian: gcc-aarch64-linux-gnu, libc6-dev-arm64-cross and qemu-user.
    static let arm64 = CrossTarget(compiler: "aarch64-linux-gnu-gcc", emulator: "qemu-aarch64", kernel: "armSHA2")
}

struct CrossCompiledKernelTests {
    /// Builds the C target and `cross.c` with another compiler, once with and once without optimisation.
    @Test(
        .enabled(if: isAvailable(CrossTarget.arm64.compiler) && isAvailable(CrossTarget.arm64.emulator)),
        arguments: ["-O2", "-O0"])
    func `the arm64 kernel agrees with the portable one`(optimisation: String) {
        let target = CrossTarget.arm64
        let scratch = ScratchDirectory()
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let root = tests.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let built = shell(
            #"exec "$1" "$2" -std=gnu11 -Wall -Wextra -Werror -static -I "$3/include" -o cross "$3"/*.c "$4/cross.c""#,
            in: scratch.path,
            arguments: [target.compiler, optimisation, root.path + "/Sources/Base/CSHA2", tests.path])
        #expect(built.status == 0, "\(built.errorText)")
        let run = shell(#"exec "$1" ./cross"#, in: scratch.path, arguments: [target.emulator])
        #expect(run.status == 0, "\(run.text)")
        #expect(run.text == "portable\n\(target.kernel)\n")
    }
}
