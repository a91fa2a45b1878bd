<?xml version="1.0" encoding="UTF-8"?>
<!-- The order formats of two partners become one: PlaceOrder of wsdl/orders.wsdl in a SOAP 1.1 envelope.
     Northwind sends <Order> with rows of attributes; Sur sends <pedido> with Spanish names and decimal commas. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:o="https://castile.example/orders"
    xmlns:sur="urn:sur:pedidos" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" exclude-result-prefixes="sur xsi">
  <xsl:output method="xml" encoding="UTF-8" indent="yes" media-type="text/xml"/>
  <xsl:strip-space elements="*"/>

  <xsl:template match="/">
    <soap:Envelope>
      <soap:Body><xsl:apply-templates/></soap:Body>
    </soap:Envelope>
  </xsl:template>

  <xsl:template match="/*" priority="-1">
    <xsl:message terminate="yes">no partner sends <xsl:value-of select="name()"/>; expected Order or pedido</xsl:message>
  </xsl:template>

  <!-- Northwind -->
  <xsl:template match="/Order">
    <o:PlaceOrder>
      <o:order currency="{@Currency}" channel="northwind">
        <o:customer>
          <o:name><xsl:value-of select="Buyer/@Name"/></o:name>
          <o:address xsi:type="o:ForeignAddress">
            <o:street><xsl:value-of select="Buyer/@Street"/></o:street>
            <o:town><xsl:value-of select="Buyer/@City"/></o:town>
            <o:postCode><xsl:value-of select="Buyer/@Zip"/></o:postCode>
            <o:country><xsl:value-of select="translate(Buyer/@Country, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')"/></o:country>
          </o:address>
        </o:customer>
        <xsl:for-each select="Rows/Row">
          <xsl:sort select="@No" data-type="number"/>
          <o:line>
            <o:article><xsl:value-of select="@Sku"/></o:article>
            <o:quantity><xsl:value-of select="@Qty"/></o:quantity>
            <o:price><xsl:value-of select="@Unit"/></o:price>
          </o:line>
        </xsl:for-each>
        <o:invoice>true</o:invoice>
      </o:order>
    </o:PlaceOrder>
  </xsl:template>

  <!-- Sur -->
  <xsl:template match="/sur:pedido">
    <o:PlaceOrder>
      <o:order currency="EUR" channel="sur">
        <o:customer id="{sur:cliente/@numero}">
          <o:name><xsl:value-of select="sur:cliente/sur:nombre"/></o:name>
          <o:address xsi:type="o:SpanishAddress">
            <o:street><xsl:value-of select="sur:cliente/sur:calle"/></o:street>
            <o:town><xsl:value-of select="sur:cliente/sur:ciudad"/></o:town>
            <o:codigoPostal><xsl:value-of select="sur:cliente/sur:cp"/></o:codigoPostal>
          </o:address>
        </o:customer>
        <xsl:for-each select="sur:linea">
          <o:line>
            <o:article><xsl:value-of select="sur:articulo"/></o:article>
            <o:quantity><xsl:value-of select="sur:cantidad"/></o:quantity>
            <!-- 1.234,50 is 1234.50 -->
            <o:price><xsl:value-of select="translate(sur:precio, ',.', '.')"/></o:price>
          </o:line>
        </xsl:for-each>
        <o:transfer><o:iban><xsl:value-of select="translate(sur:iban, ' ', '')"/></o:iban></o:transfer>
        <xsl:if test="sur:nota"><o:remark><xsl:value-of select="normalize-space(sur:nota)"/></o:remark></xsl:if>
      </o:order>
    </o:PlaceOrder>
  </xsl:template>
</xsl:stylesheet>
