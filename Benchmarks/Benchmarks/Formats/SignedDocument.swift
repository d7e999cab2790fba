import AssayOpenPGP
import Foundation

/// A document, its signature and the certificate, made once with gpg 2.2.40 for this purpose; the secret key is gone.
enum SignedDocument {
    static let document = Array("benchmark".utf8)
    /// Seconds since 1970, after both were made.
    static let time: Int64 = 1_767_400_000

    /// RSA of 4096 bits.
    static let certificate = decoded(
        """
        mQINBGlVuQABEADalYQa/pgS7yDSy6l56H6nPzfKSFU5flLln/hG9fmQlOHm+ASoVu9sBryipLkjEXFJ07TkVH5hLYoxR+/ihcIf\
        akmcOyBGmxx8oPvCNOL29rHE8ilr5As5R3o0/sYaSZwZ3L2RLL1PfbGbpeACLK6shS9BNBbARFbxDOsZksLtGJdEFCgDkFZPTX94\
        Kb1+d5GxIOjOB6d1Uek4x1gB/pq596FN0TL8RMmT9MYiUk4Ja0T+/vOMOZMd/DZXzBzLWbcwjCe9g2i8w6iXm/NixBP1gwBzsdaA\
        MHR5YyH4aLQCHXsVT0aZpM1qesNGao7KmJ35MWV9melyPd/V3Ir/syHobgTreKKYCzc06j+mypJdAE3dACFv+WmJLR/dN3/HHEPT\
        ide5aQdW841sY0WGter3YkNyqliOFGUrrc6EO56aihSa3ABr36ms39vJGHSsrJNV0RFPIBE+LlNuWOPyzpl9oOTSrhepITXnxjxy\
        MASvjqM2BNvBDeiT81tCIyhyJUHfHHSemhl35aWUTJMMXEYcR+2IqaZ/5GTfhIRx6wpN+1h/pG4RuAY0FXUks7yfz66bTC90O99R\
        s957OxVKQXGeCikwZTT7QSyyn5nM/25TlsODHCfdMwJNB+1JDARqTDKK4RR1pymUNzV2cRUHHDBJfG+il5+yh2WNSXuyUH/fQQAR\
        AQABtCFCZW5jaG1hcmsgPGJlbmNobWFya0BleGFtcGxlLm9yZz6JAk4EEwEKADgWIQTDjq0QA1MHnfyZyqCTUpGKz6EaUAUCaVW5\
        AAIbAwULCQgHAgYVCgkICwIEFgIDAQIeAQIXgAAKCRCTUpGKz6EaUJgYD/90CCfkCMQtz/z3XCfg2jy8E7GzShfr2RDBJ01+K3NV\
        gMTw1tArBrU3s/9ocqqOxbVoJuoFOVLGwRe9GjS8aQ+8caFb2L8Z1QdTMhrZqGDR4oQFAMSDT8bktXamAN3InrrnmJCt36BGLikB\
        Htv1vFaTlBDkPv3e3ac1O7QkZap38rghR/Lv8AMtwFRqCIporF2yhiGNmwaUepCReevm5VpP4n81CJCK0NK1hlqZyZFnS+t3cfOm\
        snV/nKxmyGucpoiWh5+dX9Qior4AXi30BpZ1E5AvhmUYrw1RBe/amWLvlg96BUlh4mNYdu1eF3IJCEFUTSHNjIOE2x5ksygmOUnV\
        C9hr6hgBgoPDXLaoZgRVzj0yMWlQVzKCr+tY8Bum9U5NAOX3GIB36ZmYeqwbM6swRI7lltnY6LhIBuOsgjHLIXml1rzUOfjMWIAM\
        OYbp/+aIIjzXh5x3iEAAVXJsgrkmimQ/pAl8S0IFcAtU8/ZOOxbjacO/D5UvTZ2jdlpOnshH80ZoBywND9vy+APpRmzBgFlybJqK\
        AzWWawYuoPTZk/ATLhsL2/hRx7Guy99RzhrNtCJQnUEA/GE1UrDVkSnVDtfYdwlY4GrW0rLgpFiSf1S44eQ1Ixa5fRcgfHSaDPA3\
        wM0GKA25Z8Z3htpdxV+q4MYhKs+tKdNNdUYAC/E4PA==
        """)

    /// Over SHA-512.
    static let signature = decoded(
        """
        iQIzBAABCgAdFiEEw46tEANTB538mcqgk1KRis+hGlAFAmlXCoAACgkQk1KRis+hGlC1hBAAoMR2pGIEbk3whzPikngc9qdRDsOf\
        UqnBFbbN9/NeF4+aL7eEXLdSJjI1WfwIh92uZ0ObGd2j3RbS+oUTwRFL9MLTtbai82DGTJRoyQN6c3aHlIe83rU1WES3XMKmH1SL\
        5NiQcK5mTzCWw89hFHg11GnO1liAFOGlRba0v02b7udFjPPMNqWiDxc0F2o0DC2hINHfcFxnnndDfESg40sXeA1ioJSgcp+Yx4C3\
        0bICCIji5EFleM43WNzr1txXFY0dzXBmw0BPMVUMjm4FdzRyseTWSC4jBcIwQsrCdYF7I7CK3V/iOfnP/yy+bzYVUxJRm955hLLB\
        ykoyzj12Ql2l3iT9nyKCPl68Rj2JBoTPQ4W1TmgZYYc2ecQZgjAHsI5nWJMGR+N+AXvhMb/N9spkoVUvOHQLTon7vW6VDHfJoRy8\
        WsGM1uE/wUIyO5G/HpQjPV9xF3QEAjsERbcteb3gS3w2D5MfqwYIZynSx8OuQ9QFFn/+uTZTMMjVKzMzMke0LMaAgZJ3jCzUXhaV\
        oy72OmA3xLcPamEtCjV5fKhQ4u/2cCR+GlQxLmAylccASUWzRI71QC3EPLIZqr/2RNL6MjnWSky3J9XJyPN8adP8HyLufXo9S781\
        orNxj8qkW1Esjk9+DMJppmFby+TdH67vD3QcK6pVyVuRyteo4mrWqpA=
        """)

    private static func decoded(_ text: String) -> [UInt8] { Data(base64Encoded: text).map(Array.init) ?? [] }
}
