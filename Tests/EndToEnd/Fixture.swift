import AssayTestSupport

/// The small subjects that most tests need, in a folder of the test's own.
enum Fixture {
    /// A folder with `config` (a kernel configuration), `true` (an ELF file), `text`, `empty`, `fifo`, `folder` and the
    /// profile `one.yaml`, whose only row holds for `config`.
    static func folder() throws -> ScratchDirectory {
        let scratch = ScratchDirectory()
        try scratch.write(
            "config",
            """
            #
            # Linux/x86 6.6.134 Kernel Configuration
            #
            CONFIG_X86_64=y
            CONFIG_STRICT_KERNEL_RWX=y
            # CONFIG_COMPAT_BRK is not set

            """)
        try scratch.write("text", "hello\n")
        try scratch.write("empty", "")
        try scratch.write("one.yaml", profile(checks: ["kernel.rodata"]))
        shell("mkfifo fifo && mkdir folder && cp /bin/true true", in: scratch.path)
        return scratch
    }

    /// A profile that asks for `checks`.
    static func profile(checks: [String]) -> String {
        """
        schema-version: 1
        name: mine
        version: "1"
        title: A profile of a test
        reference: https://example.org
        sections:
          - title: All
            rows:

        """ + checks.map { "      - check: \($0)\n        title: \($0)\n" }.joined()
    }

    /// A policy that accepts every failure and unknown of `checks`.
    static func policy(waived checks: [String]) -> String {
        "schema-version: 1\nwaivers:\n"
            + checks.map { "  - check: \($0)\n    reason: a test\n    expires: 2999-12-31\n" }.joined()
    }
}
