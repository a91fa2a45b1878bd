<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:o="https://castile.example/orders">
  <xsl:template match="@* | node()">
    <xsl:copy><xsl:apply-templates select="@* | node()"/></xsl:copy>
  </xsl:template>

  <!-- Masked values stay valid by the schema: four digits, some text. -->
  <xsl:template match="o:card/@lastDigits">
    <xsl:attribute name="lastDigits">0000</xsl:attribute>
  </xsl:template>
  <xsl:template match="o:card/o:holder">
    <xsl:copy>***</xsl:copy>
  </xsl:template>
</xsl:stylesheet>
