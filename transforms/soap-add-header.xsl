<?xml version="1.0" encoding="UTF-8"?>
<!-- Puts a SOAP header into a message of SOAP 1.1 or 1.2, whether it had headers or not. Everything else stays. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:s11="http://schemas.xmlsoap.org/soap/envelope/" xmlns:s12="http://www.w3.org/2003/05/soap-envelope"
    exclude-result-prefixes="s11 s12">
  <xsl:import href="parts/soap.xsl"/>

  <xsl:param name="request-id"/>

  <xsl:template match="/s11:Envelope[not(s11:Header)] | /s12:Envelope[not(s12:Header)]">
    <xsl:copy>
      <xsl:apply-templates select="@*"/>
      <xsl:element name="{substring-before(name(), 'Envelope')}Header" namespace="{namespace-uri()}">
        <xsl:call-template name="header"/>
      </xsl:element>
      <xsl:apply-templates select="node()"/>
    </xsl:copy>
  </xsl:template>

  <xsl:template match="/s11:Envelope/s11:Header | /s12:Envelope/s12:Header">
    <xsl:copy>
      <xsl:apply-templates select="@* | node()"/>
      <xsl:call-template name="header"/>
    </xsl:copy>
  </xsl:template>

  <!-- One that the caller sent is not believed. -->
  <xsl:template match="r:RequestId" xmlns:r="https://castile.example/request"/>

  <xsl:template name="header">
    <r:RequestId xmlns:r="https://castile.example/request"><xsl:value-of select="$request-id"/></r:RequestId>
  </xsl:template>
</xsl:stylesheet>
