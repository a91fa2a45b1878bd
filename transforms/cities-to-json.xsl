<?xml version="1.0" encoding="UTF-8"?>
<!-- A list as JSON text: strings escaped, numbers with their digits, a list of one still a list. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:c="https://castile.example/cities" xmlns:str="http://exslt.org/strings">
  <xsl:output method="text" encoding="UTF-8" media-type="application/json"/>

  <xsl:template match="/">
    <xsl:text>[</xsl:text>
    <xsl:for-each select="//c:city">
      <xsl:if test="position() > 1">,</xsl:if>
      <xsl:text>{"name":</xsl:text>
      <xsl:call-template name="string"><xsl:with-param name="text" select="c:name"/></xsl:call-template>
      <xsl:text>,"population":</xsl:text>
      <xsl:value-of select="c:population"/>
      <xsl:text>,"rivers":[</xsl:text>
      <xsl:for-each select="c:river">
        <xsl:if test="position() > 1">,</xsl:if>
        <xsl:call-template name="string"><xsl:with-param name="text" select="."/></xsl:call-template>
      </xsl:for-each>
      <xsl:text>]}</xsl:text>
    </xsl:for-each>
    <xsl:text>]&#10;</xsl:text>
  </xsl:template>

  <!-- The backslash first: the others bring some of their own. -->
  <xsl:template name="string">
    <xsl:param name="text"/>
    <xsl:variable name="backslash" select="str:replace(string($text), '\', '\\')"/>
    <xsl:variable name="quote" select="str:replace(string($backslash), '&quot;', '\&quot;')"/>
    <xsl:variable name="line" select="str:replace(string($quote), '&#10;', '\n')"/>
    <xsl:variable name="return" select="str:replace(string($line), '&#13;', '\r')"/>
    <xsl:value-of select="concat('&quot;', str:replace(string($return), '&#9;', '\t'), '&quot;')"/>
  </xsl:template>
</xsl:stylesheet>
